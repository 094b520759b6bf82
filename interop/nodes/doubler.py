"""An operator for dora's runtime: sends twice what comes in."""

import pyarrow as pa
import pyarrow.compute as pc
from dora import DoraStatus


class Operator:
    def on_event(self, event, send_output):
        if event["type"] == "INPUT":
            send_output("doubled", pc.multiply(event["value"], pa.scalar(2, pa.int64())), {"number": event["metadata"]["number"]})
        return DoraStatus.CONTINUE
