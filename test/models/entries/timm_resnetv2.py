"""Pre-activation ResNets with standardised weights, Inception-ResNet v2 and ViTamin of timm, and the training tools beside them."""
# modules: timm.models.resnetv2 timm.models.inception_resnet_v2 timm.models.vitamin timm.layers.* timm.data.mixup timm.loss.* timm.utils.model_ema

import timm
import torch
from timm.data import Mixup
from timm.layers import StdConv2d
from timm.loss import LabelSmoothingCrossEntropy, SoftTargetCrossEntropy
from timm.models.resnetv2 import ResNetV2
from timm.optim import create_optimizer_v2
from timm.scheduler import CosineLRScheduler
from timm.utils import ModelEmaV3

model = ResNetV2(layers=[1, 1, 1, 1], channels=(64, 128, 128, 256), stem_chs=32, stem_type="same", num_classes=6, conv_layer=StdConv2d, bottle_ratio=0.5, drop_path_rate=0.1)
ema = ModelEmaV3(model, decay=0.99)
optimizer = create_optimizer_v2(model, opt="adamw", lr=1e-3, weight_decay=0.05)
scheduler = CosineLRScheduler(optimizer, t_initial=5, warmup_t=1, warmup_lr_init=1e-5)
mixup = Mixup(mixup_alpha=0.8, cutmix_alpha=1.0, prob=1.0, label_smoothing=0.1, num_classes=6)
images, labels = torch.randn(4, 3, 64, 64), torch.randint(0, 6, (4,))
for epoch in range(2):
    mixed, soft = mixup(images.clone(), labels)
    loss = SoftTargetCrossEntropy()(model(mixed), soft)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    scheduler.step(epoch)
    ema.update(model)
smooth = LabelSmoothingCrossEntropy(0.1)(ema.module(images), labels)
inception = timm.create_model("inception_resnet_v2", num_classes=6).eval()
vitamin = timm.create_model("vitamin_small_224", img_size=64, num_classes=6).eval()
with torch.no_grad():
    print(loss, smooth, inception(torch.randn(1, 3, 96, 96)).shape, vitamin(torch.randn(1, 3, 64, 64)).shape)
