"""Trains a small net on a dataset, and on none that is not fit for it: `python train.py photos train.txt`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset

import sanitize


class Listed(Dataset[tuple[torch.Tensor, int]]):
    """The pictures of a clean list, as float tensors of 3 × 64 × 64 in 0 to 1."""

    def __init__(self, images: Path, listed: Path) -> None:
        # The last blank parts path and label; a path may hold others, and bytes that are not UTF-8.
        lines = listed.read_text(encoding="utf-8", errors="surrogateescape").split("\n")[:-1]
        self.samples = [(images / path, int(label)) for path, label in (line.rsplit(" ", 1) for line in lines)]

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        path, label = self.samples[index]
        with Image.open(path) as picture:  # 8-bit RGB, all of them: no convert("RGB")
            pixels = np.array(picture.resize((64, 64)))
        return torch.from_numpy(pixels).permute(2, 0, 1) / 255, label


def train(dataset: Listed, classes: int, *, epochs: int, batch_size: int = 16) -> nn.Module:
    """Return a net that was trained on a dataset."""
    net = nn.Sequential(
        nn.Conv2d(3, 16, 3, stride=2), nn.ReLU(),
        nn.Conv2d(16, 32, 3, stride=2), nn.ReLU(),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, classes),
    )  # fmt: skip
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    batches = DataLoader(dataset, batch_size=batch_size, shuffle=True, num_workers=2)
    for epoch in range(epochs):
        losses = []
        for pictures, labels in batches:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(pictures), labels)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}")
    return net


def main() -> None:
    """Scan, then train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path)
    parser.add_argument("list", type=Path)
    parser.add_argument("--out", type=Path, default=Path("sanitized"))
    parser.add_argument("--epochs", type=int, default=3)
    arguments = parser.parse_args()
    try:
        result = sanitize.gate(arguments.images, arguments.list, out=arguments.out)
    except (sanitize.DatasetRejected, sanitize.UsageError) as reason:
        print(f"train.py: {reason}", file=sys.stderr)
        sys.exit(reason.result.exit_status if isinstance(reason, sanitize.DatasetRejected) else 2)
    dataset = Listed(result.out / "images", result.out / f"{arguments.list.stem}.txt")
    net = train(dataset, result.summary["classes"], epochs=arguments.epochs)
    torch.save(net.state_dict(), "model.pt")


# Workers of a DataLoader import this file where they are spawned: without this line each would scan and train, too.
if __name__ == "__main__":
    main()
