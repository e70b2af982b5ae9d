// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_RECORD_INSIDE) && !defined(MD_RECORD_COMPILATION)
#error "Include <md-record.h> only."
#endif

#include <md-base.h>

G_BEGIN_DECLS

/** For decisions; the message names a line and never quotes. */
typedef enum
{
  MD_RECORD_ERROR_LIMIT,     /* too large, nested too deeply, too many values */
  MD_RECORD_ERROR_MALFORMED, /* not UTF-8, not JSON, not an object, a member twice */
} MdRecordError;

#define MD_RECORD_ERROR (md_record_error_quark ())
GQuark md_record_error_quark (void);

/** Most values that one record may hold, at all its levels together. */
#define MD_RECORD_MAX_VALUES 8192u

/** A value of JSON: an object with members, a list, a text, a number, true, false or null. Every
 * function that reads takes NULL for a value that is not there. */
typedef struct json_t MdRecord;

MdRecord *md_record_new_object (void) G_GNUC_WARN_UNUSED_RESULT;
MdRecord *md_record_new_list (void) G_GNUC_WARN_UNUSED_RESULT;
MdRecord *md_record_ref (MdRecord *self);
/** The last reference wipes. NULL is allowed. */
void md_record_unref (MdRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdRecord, md_record_unref)

/** Parses @size bytes: one object, at most @limit bytes long, MD_LIMIT_JSON_DEPTH levels deep and
 * of MD_RECORD_MAX_VALUES values; UTF-8 without zero characters, no member twice. Error:
 * MD_RECORD_ERROR. (transfer full) */
MdRecord *md_record_parse (const void *data, gsize size, gsize limit,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/** Writes it, members in the order in which they were set: for machines without any blank, for
 * people (@pretty) indented. NULL when a text in it is not UTF-8 or the whole is larger than
 * MD_LIMIT_SECRET: nothing is left out in silence. (transfer full) */
MdSecret *md_record_write (const MdRecord *self, gboolean pretty) G_GNUC_WARN_UNUSED_RESULT;

/** A member of an object; NULL when there is none of this name. Borrowed. */
MdRecord *md_record_get (const MdRecord *object, const char *name);

/** A member that is a text; NULL when it is something else. Borrowed. */
const char *md_record_get_text (const MdRecord *object, const char *name);

/** Whether @object has no other members than these; @names ends with NULL. */
gboolean md_record_has_only (const MdRecord *object,
                             const char *const *names) G_GNUC_WARN_UNUSED_RESULT;

/** How many members or entries; 0 for other values. */
gsize md_record_get_size (const MdRecord *self);

/** The entry of a list, or NULL behind its end. Borrowed. */
MdRecord *md_record_get_entry (const MdRecord *list, gsize index);

gboolean md_record_is_object (const MdRecord *self);
gboolean md_record_is_list (const MdRecord *self);
gboolean md_record_is_null (const MdRecord *self);

/** The value itself as a text (borrowed), NULL when it is none; as a number or truth, FALSE when it
 * is none. */
const char *md_record_as_text (const MdRecord *self);
gboolean md_record_as_int (const MdRecord *self, gint64 *out_value) G_GNUC_WARN_UNUSED_RESULT;
gboolean md_record_as_bool (const MdRecord *self, gboolean *out_value) G_GNUC_WARN_UNUSED_RESULT;

/** Sets a member: a text (null when @text is NULL; it must be UTF-8), a number, a truth, or a value
 * that is taken over. */
void md_record_set_text (MdRecord *object, const char *name, const char *text);
void md_record_set_int (MdRecord *object, const char *name, gint64 value);
void md_record_set_bool (MdRecord *object, const char *name, gboolean value);
void md_record_take (MdRecord *object, const char *name, MdRecord *value);

/** Appends to a list: the first @size bytes of a text, or a value that is taken over. */
void md_record_append_text (MdRecord *list, const char *text, gsize size);
void md_record_append_take (MdRecord *list, MdRecord *value);

G_END_DECLS
