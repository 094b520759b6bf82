"""Writes the numbers that come in to numbers.parquet."""

import pyarrow as pa
import pyarrow.parquet
from dora import Node

node = Node()
batches = []
for event in node:
    if event["type"] == "INPUT":
        batches.append(pa.record_batch([event["value"]], names=["number"]))
pyarrow.parquet.write_table(pa.Table.from_batches(batches), "numbers.parquet")
