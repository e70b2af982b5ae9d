// SPDX-License-Identifier: Apache-2.0
// A card made of a transcript: it demands exactly these commands, in this order, and gives exactly
// these answers.
//
//   "> 00A40000"     the command that must come; two dots for a byte that may be any
//   "= 42000D48 .."  the request to the reader itself that must come: its code, and its data
//   "< 6A86"         its answer; in hex, blanks allowed
//   "! removed"      instead of an answer: the transport fails with the MD_CARD_ERROR of that nick;
//                    where the card is to be connected, that fails
//   "# text", ""     passed over
#pragma once

#include <md-card.h>

G_BEGIN_DECLS

#define SCRIPT_READER "Scripted Reader 00 00"

#define SCRIPT_TYPE_BACKEND (script_backend_get_type ())
G_DECLARE_FINAL_TYPE (ScriptBackend, script_backend, SCRIPT, BACKEND, GObject)

// (transfer full)
ScriptBackend *script_backend_new (const char *transcript);

// Adds to the end of the transcript.
void script_backend_add (ScriptBackend *self, const char *transcript);

// What the card says at power-on (hex), and the longest APDU that its reader passes; nothing and
// unknown otherwise.
void script_backend_set_link (ScriptBackend *self, const char *atr, gsize apdu_max);

// What each answer takes by CLOCK.
void script_backend_set_clock (ScriptBackend *self, MdTestClock *clock, gint64 answer_usec);

// Whatever is said that is not in the script only makes the card fail, and is told afterwards;
// otherwise it ends the test.
void script_backend_set_lenient (ScriptBackend *self);

// What was said that should not have been, or was not said so far; NULL: all is well. (transfer
// full)
char *script_backend_get_complaint (ScriptBackend *self);

// Shows every exchange to LOOK as the reader gets it.
typedef void (*ScriptLook) (const MdCardExchange *exchange, gpointer data);
void script_backend_set_look (ScriptBackend *self, ScriptLook look, gpointer data);

// Opens a conversation with the scripted card. (transfer full)
MdCardConnection *script_backend_open (ScriptBackend *self);

// Demands that everything was said, and that the card was powered down as often as it was
// connected.
void script_backend_assert_done (ScriptBackend *self);

G_END_DECLS
