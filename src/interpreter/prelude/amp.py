"""What scales losses, as far as shapes flow through it."""


class GradScaler:
    def __init__(self, *args, **kwargs):
        pass

    def scale(self, outputs):
        return outputs * 1.0 if hasattr(outputs, 'backward') else type(outputs)([self.scale(o) for o in outputs])

    def step(self, optimizer, *args, **kwargs):
        return optimizer.step(*args, **kwargs)

    def unscale_(self, optimizer): return None
    def update(self, new_scale=None): return None
    def get_scale(self): return 65536.0
    def is_enabled(self): return True
    def state_dict(self): return {}
    def load_state_dict(self, state_dict): return None
