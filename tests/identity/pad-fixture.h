// SPDX-License-Identifier: Apache-2.0
// Readers with a keypad and the flow on them: the driver of tests/ifd in the real pcscd, a card in
// one hand and the reader's cable in the other. Runs inside `tests/isolated with-world --pads
// --ocsp`.
#pragma once

#include "ward.h"

#include <md-pcsc.h>

G_BEGIN_DECLS

#define PATIENCE (60 * G_USEC_PER_SEC)
#define COUNTER_PAD "Counter Pad 00 00"
#define DESK_PAD "Desk Pad 01 00"

typedef struct
{
  MdPcsc *pcsc;
  MdIdentifier *identifier;
  GString *steps;
} Fixture;

#define await(condition)                                                                           \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 end_ = g_get_monotonic_time () + PATIENCE;                                              \
    while (!(condition) && g_get_monotonic_time () < end_)                                         \
      if (!g_main_context_iteration (NULL, FALSE))                                                 \
        g_usleep (2000);                                                                           \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

typedef struct
{
  gboolean done;
  gpointer result;
  GError *error;
} Answer;

typedef struct
{
  guint asked; // entries that the keypad was asked for
  guint sent;  // PINs that it sent to the card
} Count;

// Orders to the virtual card of the resident, and to the reader that it lies on (tests/ifd).
void card (const char *order);
void pad (const char *order);
gboolean pad_says (const char *text);
guint commands_so_far (void);

MdCardReader *reader_of (Fixture *f, MdCardRole role);
gboolean has_card (Fixture *f);
void put_in (Fixture *f, const char *name);

void setup (Fixture *f, gconstpointer data);
void teardown (Fixture *f, gconstpointer data);

// The callbacks of the flow; data is an Answer.
void on_inspected (GObject *source, GAsyncResult *result, gpointer data);
void on_identified (GObject *source, GAsyncResult *result, gpointer data);

// Until the card on the reader can be read: right after a reset it may still be mute.
void await_readable (Fixture *f);
void assert_card (Fixture *f, int tries_auth, int tries_text, gboolean has_pad);
gboolean identify_with (Fixture *f, MdIdentifyRequest *request, GError **error);
// A request whose PINs are entered at the keypad.
MdIdentifyRequest request_on_pad (void);
gboolean identify_on_pad (Fixture *f, GError **error);
void assert_pad_fails (Fixture *f, int code, int tries);
void assert_keys_fail (Fixture *f, const char *text_pin, const char *auth_pin, int code, int tries);
void assert_keys_work (Fixture *f);

Count count (void);
// What happened at the keypad since BEFORE.
void assert_counted (Count before, guint asked, guint sent);

void pull_the_cable (Fixture *f);
void plug_in_again (Fixture *f);

G_END_DECLS
