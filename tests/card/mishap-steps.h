// SPDX-License-Identifier: Apache-2.0
// What the commands of a conversation are, read off the wire; and where the lengths stand in what
// was read.
#pragma once

#include "mishap.h"

G_BEGIN_DECLS

// The last two bytes of an answer; 0 when there are none.
guint16 mishap_word_of (GBytes *answer);

// A new list of Step.
GPtrArray *mishap_steps_new (void);

// What a command is, by STEP, the one before it, which it becomes; verb, place and what is expected
// alone. KEYED: the reader's keypad sends it.
void mishap_step_follow (Step *step, const guint8 *command, gsize size, gboolean keyed);

// Adds the command that went over the wire, and its answer.
void mishap_steps_add (GPtrArray *steps, const Step *command, GBytes *answer);

// "read-text-0002-0100": what stands in the name of a cell.
char *mishap_step_name (const Step *step);

// Whether a PIN goes to the card.
gboolean mishap_step_presents (const Step *step);

// Whether it belongs to finding out which card this is, before a PIN that is to be remembered.
gboolean mishap_step_is_recognition (const Row *row, guint index);

// Whether it belongs to reading the record that the card may lack.
gboolean mishap_step_is_record (const Row *row, guint index);

// Whether the file is one DER certificate.
gboolean mishap_step_is_certificate (const Step *step);

// How many bytes of the file of step INDEX there must be for it to mean anything: its outer TLV,
// with what lies before it.
gsize mishap_steps_needed (const Row *row, guint index);

// The bytes of the answer of step INDEX, a READ, that are part of a length, as positions in it.
// Caller frees.
GArray *mishap_steps_lengths (const Row *row, guint index);

G_END_DECLS
