"""vit-pytorch over time and in other spaces: ViViT, CCT in 3D, Fourier patches, tokens to tokens, normalised layers, hyper connections."""
# modules: vit_pytorch.*

import torch
from vit_pytorch.accept_video_wrapper import AcceptVideoWrapper
from vit_pytorch.cct_3d import CCT
from vit_pytorch.normalized_vit import nViT
from vit_pytorch.simple_vit_with_fft import SimpleViT as FourierViT
from vit_pytorch.simple_vit_with_hyper_connections import SimpleViT as HyperViT
from vit_pytorch.t2t import T2TViT
from vit_pytorch.vivit import ViViT

clip = torch.randn(2, 3, 4, 32, 32)
for variant in ("factorized_encoder", "factorized_self_attention"):
    vivit = ViViT(
        image_size=32, image_patch_size=8, frames=4, frame_patch_size=2, num_classes=5, dim=32, spatial_depth=1, temporal_depth=1, heads=2, dim_head=16,
        mlp_dim=48, variant=variant,
    )
    print(vivit(clip).shape)
cct = CCT(
    img_size=32, num_frames=4, embedding_dim=32, n_conv_layers=1, frame_kernel_size=3, kernel_size=3, stride=2, padding=1, pooling_kernel_size=3,
    pooling_stride=2, pooling_padding=1, num_layers=1, num_heads=2, mlp_ratio=2.0, num_classes=5, positional_embedding="learnable",
)
print(cct.eval()(clip).shape)
images = torch.randn(2, 3, 32, 32)
print(FourierViT(image_size=32, patch_size=8, freq_patch_size=8, num_classes=5, dim=32, depth=1, heads=2, mlp_dim=48, dim_head=16)(images).shape)
print(T2TViT(image_size=32, num_classes=5, dim=32, depth=1, heads=2, mlp_dim=48, t2t_layers=((7, 4), (3, 2)))(images).shape)
normal = nViT(image_size=32, patch_size=8, num_classes=5, dim=32, depth=2, heads=2, mlp_dim=48, dim_head=16)
normal.norm_weights_()
print(normal(images).shape)
hyper = HyperViT(image_size=32, patch_size=8, num_classes=5, dim=32, depth=2, heads=2, mlp_dim=48, dim_head=16, num_residual_streams=3)
wrapped = AcceptVideoWrapper(hyper, add_time_pos_emb=False)
print(hyper(images).shape, wrapped(clip).shape)
