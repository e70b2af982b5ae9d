// SPDX-License-Identifier: Apache-2.0
#pragma once

/* What the small card (card-model.h) is made of. */

#include "card-model-files.h"
#include "card-model.h"

#include <md-card.h>

G_BEGIN_DECLS

#define MAX_MISHAPS 16
#define MAX_FEATURES 64
#define N_PINS (MD_CARD_PIN_STAFF + 1)

typedef enum
{
  MISHAP_FAIL_BEFORE, /* the transport fails, the card has not seen the command */
  MISHAP_FAIL_AFTER,  /* ... the card has done it */
  MISHAP_WORD,        /* that status word instead, and nothing done */
  MISHAP_WORD_AFTER,  /* the same, though it was done */
  MISHAP_SHORTER,     /* so many bytes less */
  MISHAP_LONGER,      /* so many bytes more */
  MISHAP_OTHER_BYTE,  /* one bit of the answer is wrong */
  MISHAP_CANCEL,      /* somebody presses cancel meanwhile; odd: the transport notices */
  N_MISHAPS,
} MishapKind;

typedef struct
{
  guint at;
  MishapKind kind;
  guint16 value;
} Mishap;

typedef struct
{
  guint tries;
  guint mistakes;
  gboolean other; /* the card's PIN is not the typed one */
  gboolean verified;
  gboolean tell_once; /* MODEL_QUIRK_VERIFIED_9000 */
} Pin;

struct _FuzzModel
{
  const char *const *typed;
  gboolean staff;
  ModelFiles *files;
  Pin pins[N_PINS];
  guint quirks;
  Mishap mishaps[MAX_MISHAPS];
  guint n_mishaps;
  guint8 features[MAX_FEATURES];
  gsize features_size;
  guint8 properties[MAX_FEATURES];
  gsize properties_size;
  guint16 pad_word;
  gboolean honest;
  gboolean sound;

  guint count; /* commands since the start */
  gboolean fresh;
  ModelApplication application;
  guint32 file;
  GByteArray *rest; /* for GET RESPONSE */
};

/* Where the card keeps each PIN, and how many tries it has. */
typedef struct
{
  ModelApplication application;
  guint16 ef;
  guint maximum;
} ModelPin;

extern const ModelPin fuzz_model_pins[N_PINS];

G_END_DECLS
