// SPDX-License-Identifier: Apache-2.0
#include "md-apdu.h"

G_DEFINE_QUARK (md - apdu - error - quark, md_apdu_error)
