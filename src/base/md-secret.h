// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_BASE_INSIDE) && !defined(MD_BASE_COMPILATION)
#error "Include <md-base.h> instead."
#endif

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * MdSecret: bytes that must not outlive their use: PINs, passwords, keys, personal values. They lie
 * in locked pages of their own, left out of core dumps, and are wiped when the last reference goes.
 * A boxed type; there is on purpose no way to turn one into a GVariant or a GObject string
 * property. References are counted atomically; the contents belong to one thread at a time while
 * they change.
 */
typedef struct _MdSecret MdSecret;

#define MD_TYPE_SECRET (md_secret_get_type ())

GType md_secret_get_type (void);

/** An empty secret that can hold @capacity bytes (at most MD_LIMIT_SECRET). Transfer full; never
 * NULL. */
MdSecret *md_secret_new (gsize capacity) G_GNUC_WARN_UNUSED_RESULT;

/** A secret with a copy of @size bytes. Transfer full. */
MdSecret *md_secret_new_from_data (const void *data, gsize size) G_GNUC_WARN_UNUSED_RESULT;

/** A secret with a copy of @text, without its end mark. Transfer full. */
MdSecret *md_secret_new_from_text (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/** Takes a heap string over: copies it into a secret, then wipes and frees it. NULL gives NULL.
 * Transfer full. */
MdSecret *md_secret_new_take_text (char *text) G_GNUC_WARN_UNUSED_RESULT;

/** One more reference. */
MdSecret *md_secret_ref (MdSecret *secret);

/** One reference less; the last one wipes. NULL is allowed. */
void md_secret_unref (MdSecret *secret);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MdSecret, md_secret_unref)

/** Bytes held now. */
gsize md_secret_get_size (const MdSecret *secret);

/** The bytes (borrowed, valid until the secret changes or goes). A zero byte always follows them.
 */
const guint8 *md_secret_get_data (const MdSecret *secret);

/** The bytes as a string (borrowed), ended by the zero byte that always follows; whether it is
 * UTF-8 is the caller's business. */
const char *md_secret_get_text (const MdSecret *secret);

/** Appends; FALSE (and no change) if the capacity would be exceeded. */
gboolean md_secret_append (MdSecret *secret, const void *data,
                           gsize size) G_GNUC_WARN_UNUSED_RESULT;

/** For a library that writes the secret itself (a derived key, a decrypted part): sets the size to
 * @size, which must be within the capacity, and gives the place to write (borrowed). */
guint8 *md_secret_resize (MdSecret *secret, gsize size);

/** Wipes and empties; the capacity stays. */
void md_secret_clear (MdSecret *secret);

/** Compares in a time that does not depend on the contents. Two NULLs are equal. */
gboolean md_secret_equal (const MdSecret *a, const MdSecret *b) G_GNUC_WARN_UNUSED_RESULT;

/** Whether all pages in use could be locked into memory; FALSE says that RLIMIT_MEMLOCK is too low.
 */
gboolean md_secret_pages_are_locked (void);

/** Overwrites @size bytes at @data in a way that the compiler does not drop. NULL is allowed. */
void md_wipe (void *data, gsize size);

/** Wipes and frees a heap string, with all of its block: what stood behind a shortened text goes
 * too. NULL is allowed. Use as a GDestroyNotify for personal values. */
void md_wipe_free_text (char *text);

/** The same for each string of a vector, and the vector. */
void md_wipe_free_texts (char **texts);

/** A local that owns a personal text, as g_autofree, and wipes it when it goes out of scope. */
#define md_autowipe __attribute__ ((cleanup (_md_autowipe_text)))
#define md_autowipe_texts __attribute__ ((cleanup (_md_autowipe_texts)))

static inline void
_md_autowipe_text (char **text)
{
  md_wipe_free_text (*text);
}

static inline void
_md_autowipe_texts (char ***texts)
{
  md_wipe_free_texts (*texts);
}

/** A copy of @size bytes that is wiped when the last reference goes. Transfer full. */
GBytes *md_bytes_new_wiped (const void *data, gsize size) G_GNUC_WARN_UNUSED_RESULT;

/** The same in the pages of a secret (at most MD_LIMIT_SECRET). */
GBytes *md_bytes_new_secret (const void *data, gsize size) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
