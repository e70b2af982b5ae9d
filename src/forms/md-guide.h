// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_FORMS_INSIDE) && !defined(MD_FORMS_COMPILATION)
#error "Include <md-forms.h> only."
#endif

#include "md-catalogue.h"

/* 手続きナビ: what a person has to do after something happened in their life. An event has a few
 * questions; from the answers follow the procedures that are due, what to bring for each, and what
 * is done at other counters. Nothing here is about a person: no name, no number, no day of birth.
 */

G_BEGIN_DECLS

#define MD_TYPE_LIFE_EVENT (md_life_event_get_type ())
/* One event of DIR/guide.json (転入, 死亡...). Immutable, any thread.
 * Properties (read-only): "id", "title" (user's language), "kana". */
G_DECLARE_FINAL_TYPE (MdLifeEvent, md_life_event, MD, LIFE_EVENT, GObject)

#define MD_TYPE_DUE (md_due_get_type ())
/* Something to do. Immutable. Properties (read-only), in the user's language: "title", "reason",
 * "deadline", "place". */
G_DECLARE_FINAL_TYPE (MdDue, md_due, MD, DUE, GObject)

/* All events in the order of the file; a GListModel of MdLifeEvent, empty where the folder has no
 * guide.json. Borrowed. */
GListModel *md_catalogue_get_events (MdCatalogue *self);
/* NULL when there is none. Borrowed. */
MdLifeEvent *md_catalogue_get_event (MdCatalogue *self, const char *id);

const char *md_life_event_get_id (MdLifeEvent *self);
const char *md_life_event_get_title (MdLifeEvent *self);
const char *md_life_event_get_title_in (MdLifeEvent *self, gboolean japanese);
/* Reading of the title in hiragana. */
const char *md_life_event_get_kana (MdLifeEvent *self);
/* What to ask, in this order: a GListModel of MdField of type enum or bool. Borrowed. */
GListModel *md_life_event_get_questions (MdLifeEvent *self);

/* What is to be done. answers: id of a question -> code of a choice, or "true" and "false"; what is
 * not there was not answered yet, and what is no choice counts as that. day (YYYY-MM-DD):
 * procedures that are not in force then are left out. Caller owns the model: a GListModel of MdDue,
 * what is certain first, then what the missing answers will tell, each in the order of the file,
 * what is done elsewhere last. */
GListModel *md_life_event_list_due (MdLifeEvent *self, GHashTable *answers,
                                    const char *day) G_GNUC_WARN_UNUSED_RESULT;

/* The procedure's id, or "EVENT/ID" for what is done at another counter. Borrowed. */
const char *md_due_get_id (MdDue *self);
/* The procedure; NULL for what is done at another counter. Borrowed. */
MdForm *md_due_get_form (MdDue *self);
/* FALSE while a question that decides it has no answer. */
gboolean md_due_is_certain (MdDue *self);
const char *md_due_get_title (MdDue *self);
/* Why it is due, by when (NULL: no day is set) and where (NULL: here). */
const char *md_due_get_reason (MdDue *self);
const char *md_due_get_deadline (MdDue *self);
const char *md_due_get_place (MdDue *self);
/* What to bring, and what only some have to bring; each in the user's language, NULL-terminated,
 * borrowed. */
const char *const *md_due_get_bring (MdDue *self);
const char *const *md_due_get_bring_if (MdDue *self);

G_END_DECLS
