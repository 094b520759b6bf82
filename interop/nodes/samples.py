"""What the scenario 'types' sends: a value of every kind that Arrow and the parameters of a message have, by name."""

import datetime

import numpy
import pyarrow as pa

IMAGE_BYTES = 6 * 1024 * 1024

VALUES = {
    "int64": pa.array([1, -2, 2**62], type=pa.int64()),
    "uint8": pa.array([0, 127, 255], type=pa.uint8()),
    "float32": pa.array([0.5, -1.25], type=pa.float32()),
    "with-null": pa.array([1, None, 3], type=pa.int32()),
    "bool": pa.array([True, False, True]),
    "text": pa.array(["water", "", "m\u00fchle"]),
    "list": pa.array([[1, 2], [], [3]], type=pa.list_(pa.int64())),
    "struct": pa.array([{"x": 1.5, "name": "a"}, {"x": -2.0, "name": "b"}]),
    "dictionary": pa.array(["a", "b", "a"]).dictionary_encode(),
    "timestamp": pa.array([datetime.datetime(2026, 10, 1)], type=pa.timestamp("us")),
    "nulls": pa.nulls(3),
    "empty": pa.array([], type=pa.int64()),
    "one-byte": pa.array([7], type=pa.uint8()),
    "image": pa.array(numpy.arange(IMAGE_BYTES, dtype=numpy.uint32).astype(numpy.uint8)),
}

PARAMETERS = {
    "flag": True,
    "whole": -7,
    "large": 2**53 + 1,
    "decimal": 0.5,
    "text": "r\u00e4der",
    "whole-numbers": [640, 480],
    "decimals": [1.0, 2.5],
    "texts": ["a", "b"],
    "time": datetime.datetime(2026, 10, 1, 12, 30, 0, 500000, tzinfo=datetime.timezone.utc),
}
