// SPDX-License-Identifier: Apache-2.0
// MdPcsc over a world of readers and cards that the test sets.
#pragma once

#include "../await.h"

#include <md-pcsc.h>

G_BEGIN_DECLS

#define RESIDENT "Reader A 00 00"
#define STAFF "Reader B 00 00"

// Connecting can be made to hang, as a card that does not answer.
#define FAKE_TYPE_BACKEND (fake_backend_get_type ())
G_DECLARE_FINAL_TYPE (FakeBackend, fake_backend, FAKE, BACKEND, GObject)

struct _FakeBackend
{
  GObject parent_instance;

  GMutex mutex;
  GCond changed;
  MdCardSnapshot *world;
  gboolean hang;
  const char *hang_on; // this reader only; NULL: any
  gboolean hanging;    // somebody connects, and it does
  gboolean silent;     // asked whether the service is there, it says nothing
  gboolean gone;       // it says that it is not
  gboolean forbidden;
  int connected;
  guint watches;
  guint failed;  // the last of them
  guint failing; // looks from now on that fail, for no reason that is known
};

typedef struct
{
  FakeBackend *backend;
  MdPcsc *pcsc;
  GString *log; // what was heard
} Fixture;

void setup (Fixture *f, gconstpointer data);
void teardown (Fixture *f, gconstpointer data);

// Sets the world: "A2,B1" = reader A with a card of event 2, reader B with a card of event 1; "A0"
// = empty, "A-" = listed, but unplugged.
void set_world (Fixture *f, const char *text);

// Until what was heard is EXPECTED: states ("s1"), cards that came ("+A") and went ("-A").
void await_log (Fixture *f, const char *expected);

G_END_DECLS
