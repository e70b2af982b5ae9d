// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <glib.h>

/* One input of a fuzz target, under the name that libFuzzer wants. Returns 0; anything wrong
 * aborts. Each target is linked twice: with libFuzzer (tests/fuzz/run) and with replay.c, which any
 * compiler builds. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
