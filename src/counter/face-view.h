// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/* The card's face beside the question whose it is. Model: CounterIntakeModel; the answer goes into
 * its "face-answer". */

G_BEGIN_DECLS

#define COUNTER_TYPE_FACE_VIEW (counter_face_view_get_type ())
G_DECLARE_FINAL_TYPE (CounterFaceView, counter_face_view, COUNTER, FACE_VIEW, CounterPage)

G_END_DECLS
