#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Manual pages are sound mdoc.
set -euo pipefail
cd "$(dirname "$0")/../.."
mandoc -Tlint -W warning man/*.[1-9]
