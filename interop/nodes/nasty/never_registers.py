"""Has other things to do."""

import time

time.sleep(600)
