"""torchvision: optical flow (RAFT), video, segmentation, and transforms of images with their boxes."""
# modules: torchvision.models.optical_flow.* torchvision.models.video.* torchvision.models.segmentation.* torchvision.models._utils torchvision.ops.* torchvision.transforms.v2.functional._geometry

import torch
from torchvision import tv_tensors
from torchvision.models.optical_flow import raft_small
from torchvision.models.segmentation import fcn_resnet50, lraspp_mobilenet_v3_large
from torchvision.models.video import mc3_18, r2plus1d_18
from torchvision.transforms import v2

torch.set_grad_enabled(False)
flows = raft_small(weights=None).eval()(torch.randn(1, 3, 128, 128), torch.randn(1, 3, 128, 128), num_flow_updates=2)
clip = torch.randn(1, 3, 16, 64, 64)
videos = [make(weights=None, num_classes=5).eval()(clip) for make in (mc3_18, r2plus1d_18)]
masks = lraspp_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=4).eval()(torch.randn(1, 3, 64, 64))["out"]
both = fcn_resnet50(weights=None, weights_backbone=None, num_classes=4, aux_loss=True).eval()(torch.randn(1, 3, 64, 64))
augment = v2.Compose([v2.Resize((48, 48), antialias=True), v2.RandomHorizontalFlip(p=1.0), v2.CenterCrop(40), v2.ToDtype(torch.float32, scale=True)])
image = torch.randint(0, 256, (3, 64, 80), dtype=torch.uint8)
boxes = tv_tensors.BoundingBoxes(torch.tensor([[4, 4, 20, 30], [10, 8, 60, 50]]), format="XYXY", canvas_size=(64, 80))
out_image, out_boxes = augment(image, boxes)
print([f.shape for f in flows], [v.shape for v in videos], masks.shape, both["aux"].shape, out_image.shape, out_boxes.shape)
