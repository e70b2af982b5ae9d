// SPDX-License-Identifier: Apache-2.0
#pragma once

/* What a program does with a card, in all the ways that src/card offers, and what must come of it.
 * Shared by fuzz-card and by record-card, which writes down what the virtual card answers to it. */

#include "card-backend.h"

G_BEGIN_DECLS

typedef enum
{
  TALK_FLOW,     /* one of the whole conversations; choice: row of flows */
  TALK_RESIDENT, /* everything that a resident's card has, part by part; choice: where it begins */
  TALK_PAD,      /* a PIN at the reader's keypad; choice: which, and what then */
  TALK_STAFF,    /* an officer's card; choice: which of its keys */
  TALK_AGAIN,    /* the same PIN in three conversations; choice: which */
  N_TALKS,
} Talk;

/* The first three bytes of an input. */
typedef struct
{
  guint8 talk;
  guint8 choice;
  guint8 options;
} TalkPlan;

typedef enum
{
  TALK_OPTION_MODEL = 1 << 0,    /* the rest changes the small card; else it is a script */
  TALK_OPTION_MEMORY = 1 << 1,   /* the program remembers cards */
  TALK_OPTION_EXTENDED = 1 << 2, /* extended commands are possible */
  TALK_OPTION_ASK = 1 << 3,      /* ... and the driver is asked how long */
  TALK_OPTION_ISSUER = 1 << 4,   /* the issuer's certificate is read too */
  TALK_OPTION_P384 = 1 << 5,     /* keys of the next generation */
  TALK_OPTION_LAST_TRY = 1 << 6, /* the last try is confirmed */
  TALK_OPTION_ALONE = 1 << 7, /* the call connects and powers down by itself, where there is one */
} TalkOption;

/* The PINs that are typed, by MdCardPin. */
extern const char *const talk_pins[MD_CARD_PIN_STAFF + 1];

/* Whether it is about an officer's card. */
gboolean talk_is_staff (const TalkPlan *plan);

/* MODEL: the small card, if it is the one behind BACKEND; NULL: nothing is known of the card. */
void talk_run (const TalkPlan *plan, FuzzBackend *backend, const FuzzModel *model);

G_END_DECLS
