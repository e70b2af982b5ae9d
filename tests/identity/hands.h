// SPDX-License-Identifier: Apache-2.0
// What the tests on real parts share (reader-fixture.h, pad-fixture.h): the hands that hold cards
// and readers, and the flow's callbacks.
#pragma once

#include "../await.h"
#include "ward.h"

#include <md-pcsc.h>

G_BEGIN_DECLS

typedef struct
{
  MdPcsc *pcsc;
  MdIdentifier *identifier;
  GString *steps; // "(": begun, ")": passed, "~": deferred, "!": refused, "-": skipped
  guint inserted;
  guint removed;
} Fixture;

// What an asynchronous call came to.
typedef struct
{
  gboolean done;
  gpointer result;
  GError *error;
} Answer;

// An order to whoever listens at SOCKET in the ward's folder "run": "vcard-resident.sock" and
// "vcard-staff.sock", a card; "pad-resident" and "pad-staff", a reader (tests/ifd). (transfer full)
char *tell (const char *socket, const char *order);

// Commands that the resident's card has had.
guint commands_so_far (void);

MdCardReader *reader_of (Fixture *f, MdCardRole role);
gboolean has_card (Fixture *f, MdCardRole role);

// For signal "step"; for the two calls, data is an Answer.
void on_step (MdIdentifier *identifier, int step, int state, Fixture *f);
void on_inspected (GObject *source, GAsyncResult *result, gpointer data);
void on_identified (GObject *source, GAsyncResult *result, gpointer data);

// The same for md_pcsc_run_async().
void on_run (GObject *source, GAsyncResult *result, gpointer data);

G_END_DECLS
