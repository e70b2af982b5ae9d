// SPDX-License-Identifier: Apache-2.0
#pragma once

/**
 * process: what a program does to itself before anything else: nobody looks into it, and it
 * speaks a language. For programs alone: a library has no business changing the process it is in.
 */

#define MD_PROCESS_INSIDE
#include "md-process-guard.h"
#include "md-process-language.h"
#undef MD_PROCESS_INSIDE
