// SPDX-License-Identifier: Apache-2.0
#include "md-base.h"

G_DEFINE_QUARK (md - base - error - quark, md_base_error)
