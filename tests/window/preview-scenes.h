// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "preview.h"

#include <glib/gi18n.h>
#include <md-forms.h>

/* Shared by the preview-scenes*.c. What the product says itself is said in its own words (_), what
 * comes from policy, card and people stands there in both languages (D_). */

G_BEGIN_DECLS

#define D_(ja, en) (md_forms_in_japanese () ? (ja) : (en))

typedef struct
{
  const char *name;
  void (*fill) (CounterWindow *window, const CounterModels *models);
} PreviewScene;

/* The scenes of each file, ended by one without a name. */
extern const PreviewScene preview_intake_scenes[];
extern const PreviewScene preview_face_scenes[];
extern const PreviewScene preview_office_scenes[];
extern const PreviewScene preview_papers_scenes[];

/* Lists of CounterRowItem resp. CounterCompareItem, and their lines. */
GListStore *preview_rows (void);
void preview_add_row (GListStore *store, const char *id, const char *lead, const char *title,
                      const char *subtitle, const char *state_word_time[3]);
void preview_add_compare (GListStore *store, const char *texts[6]);

#define ROW(store, id, lead, title, sub, state, word, time)                                        \
  preview_add_row (store, id, lead, title, sub, (const char *[3]){ state, word, time })
#define add_compare(store, heading, label, left, right, state, word)                               \
  preview_add_compare (store, (const char *[6]){ heading, label, left, right, state, word })

/* The frame around everything, at five minutes to five. */
void preview_desk (CounterWindow *window, const CounterModels *models);

/* An intake at its first step. */
void preview_intake (CounterWindow *window, const CounterModels *models);

/* The person panel, with its checks; not yet KNOWN: only what is to be checked. */
void preview_person (const CounterModels *models, gboolean known);

/* The form of that procedure at the contents, with what a card says. */
void preview_form (CounterWindow *window, const CounterModels *models, const char *procedure);

G_END_DECLS
