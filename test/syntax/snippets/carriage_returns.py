if x:
	y = 1
	z = """a
b"""

# c
else:
        w

class A:
	def f(self):
		return 1

	x = 2
