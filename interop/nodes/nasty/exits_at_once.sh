#!/bin/sh
# Ends well, without a word to anyone.
exit 0
