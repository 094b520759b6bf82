"""Turns each block of a signal into its power spectral density.

An ordinary node of dora: it knows nothing of Millrace. A block comes from a Java node as bytes, which are an Arrow array of bytes here; they are doubles, little-endian.
What it sends goes back the same way. What belongs to a block travels with it as metadata.
"""

import numpy as np
import pyarrow as pa
from dora import Node


def power_density(block, interval):
    """One-sided, in squares of the signal's unit per hertz, of the block without its linear trend, through a Hann window."""
    n = len(block)
    at = np.arange(n) - (n - 1) / 2
    rest = block - block.mean()
    rest -= at * (at @ rest) / (at @ at)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n)
    density = np.abs(np.fft.rfft(window * rest)) ** 2 * interval / (window @ window)
    density[1 : (n + 1) // 2] *= 2  # negative frequencies hold the same power
    return density


def main():
    node = Node()
    for event in node:
        if event["type"] != "INPUT":
            continue
        block = event["value"].to_numpy().view("<f8")
        about = event["metadata"]
        interval = about["interval_s"]
        density = power_density(block, interval)
        resolution = 1 / (len(block) * interval)
        node.send_output(
            event["id"],
            pa.array(density.astype("<f8").view(np.uint8)),
            {
                "number": about["number"],
                "start_ms": about["start_ms"],
                "resolution_hz": resolution,
                "mean": float(block.mean()),
                "variance": float(density.sum() * resolution),
            },
        )


if __name__ == "__main__":
    main()
