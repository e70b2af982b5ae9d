// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "page.h"

/*
 * Takes what is printed on the card (照合番号B from the front, 照合番号A from the back) and says
 * under each line how it is understood, so that a slip is seen before it costs a try. Model:
 * CounterIntakeModel: "face-front" and "face-back" say which of them can be used. Done, it hands
 * the digits over as secrets "face-front" and "face-back" and activates "intake.open-face"; what
 * was typed stays for another look until "face-stage" goes on.
 */

G_BEGIN_DECLS

#define COUNTER_TYPE_FACE_ENTRY (counter_face_entry_get_type ())
G_DECLARE_FINAL_TYPE (CounterFaceEntry, counter_face_entry, COUNTER, FACE_ENTRY, CounterPage)

/* The primary act: hands over what is complete and plausible; else rings the bell. */
void counter_face_entry_finish (CounterFaceEntry *self);

/* Whether there is something to hand over. */
gboolean counter_face_entry_is_ready (CounterFaceEntry *self);

G_END_DECLS
