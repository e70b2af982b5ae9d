// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include <glib.h>
#include <md-record.h>

G_BEGIN_DECLS

// What the clerk ticked of one thing that is due in 手続きナビ.
typedef enum
{
  MD_TICK_TOLD = 1 << 0,  // it was explained
  MD_TICK_GIVEN = 1 << 1, // a leaflet or a form was handed out
} MdTicks;
#define MD_TICKS_ALL (MD_TICK_TOLD | MD_TICK_GIVEN)

typedef struct
{
  char *about; // the procedure, or "EVENT/ID" for what is done elsewhere
  char *title; // as it stood there
  char *event; // what had happened, of the guide
  char *at;    // when it was ticked last, RFC 3339
  guint ticks; // MdTicks
} MdVisitTick;

// What of a visit is part of an intake: sealed with its evidence. Nothing in it names anybody.
typedef struct
{
  char *id;         // of the visit, UUIDv7: the log has it, too
  GPtrArray *ticks; // MdVisitTick
} MdVisitRecord;

// So many at most.
#define MD_VISIT_TICKS_MAX 64u

// (transfer full)
MdVisitRecord *md_visit_record_new (const char *id) G_GNUC_WARN_UNUSED_RESULT;
// Takes copies of the texts.
void md_visit_record_add (MdVisitRecord *self, const char *about, const char *title,
                          const char *event, const char *at, guint ticks);
// NULL is allowed.
void md_visit_record_free (MdVisitRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdVisitRecord, md_visit_record_free)

// As a member of another record, and back: one without a tick where OBJECT is NULL; NULL where it
// is damaged. (transfer full)
MdRecord *md_visit_record_to_json (const MdVisitRecord *self) G_GNUC_WARN_UNUSED_RESULT;
MdVisitRecord *md_visit_record_from_json (const MdRecord *object) G_GNUC_WARN_UNUSED_RESULT;

// Of the plain text of evidence.cms; one without a tick where there is none.
// MD_IDENTITY_ERROR_MALFORMED. (transfer full)
MdVisitRecord *md_visit_record_decode (const guint8 *json, gsize length,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

// "Explained, leaflet or form handed out", in the user's language. (transfer full)
char *md_ticks_dup_words (guint ticks) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
