// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_IDENTITY_INSIDE) && !defined(MD_IDENTITY_COMPILATION)
#error "include <md-identity.h>, not this file"
#endif

#include "md-identity-proof.h"
#include "md-signer.h"

G_BEGIN_DECLS

// Whom an intake is of, as the terminal's service is told (NamePerson): digests, from which it
// makes pseudonyms for a day, to notice when two people of one name and birth date come. Names,
// dates and addresses in the form in which md_match() compares them, so that the same person
// written in another way is the same; what only a pair can say (substitute characters) is not
// noticed.
typedef struct
{
  const char *name, *birth, *address; // NULL or "" where it is not known
} MdNamed;

#define MD_NAMING_TAG_NUMBER "madoguchi number v1"

// SHA-256 as the interface has it; NULL where what it is made of is not known. (transfer full)
GBytes *md_naming_digest_who (const MdNamed *named) G_GNUC_WARN_UNUSED_RESULT;
GBytes *md_naming_digest_address (const MdNamed *named) G_GNUC_WARN_UNUSED_RESULT;

// The first of them, of the person of these two fields of a form. (transfer full)
GBytes *md_naming_digest_fields (MdSignerLookup look_up, gpointer form, const char *name,
                                 const char *birth) G_GNUC_WARN_UNUSED_RESULT;

// The same of the delegate of a letter of delegation: whom the letter names ("g.delegate"), or else
// who files by it ("a.name"). (transfer full)
GBytes *md_naming_digest_delegate (MdSignerLookup look_up, gpointer form) G_GNUC_WARN_UNUSED_RESULT;

// What showed that it is NAMED: the certificate of a card that says the same name, or a document
// that the person themself showed. NULL where it is another's, as that of who files for somebody,
// and where it has no number. NAMED: NULL where only the proof can say who it is.
GBytes *md_naming_digest_shown (const MdNamed *named,
                                const MdIdentityProof *proof) G_GNUC_WARN_UNUSED_RESULT;

// The individual number's, as md_entry_digest_number() makes it of an entry.
GBytes *md_naming_digest_number (const MdSecret *digits) G_GNUC_WARN_UNUSED_RESULT;

// What a form's values and the proof say of whom an intake is; the proof's words where the form has
// none. Who tells the service makes it so, and whoever opens the intake again.
typedef struct
{
  GBytes *digests[MD_N_NAMED]; // NULL where it is not known
} MdNaming;

// Everything but the number. Clear it with md_naming_clear().
void md_naming_fill (MdNaming *self, MdSignerLookup look_up, gpointer form,
                     const MdIdentityProof *proof);
void md_naming_clear (MdNaming *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MdNaming, md_naming_clear)

// As the manifest says it, with the salt of the evidence. (transfer full)
char *md_naming_dup_bound (const MdNaming *self, MdNamedPart part, const char *intake,
                           const char *salt) G_GNUC_WARN_UNUSED_RESULT;

// Whether SAID (of the manifest) is just that. Of the number it is asked apart: not everybody can
// open it.
gboolean md_naming_fits (const MdNaming *self, MdNamedPart part, const char *intake,
                         const char *salt, const char *said);

// Fresh; lower-case hexadecimal. (transfer full)
char *md_naming_make_salt (void) G_GNUC_WARN_UNUSED_RESULT;

// The salt in a plain text of evidence.cms; "" where there is none. NULL:
// MD_IDENTITY_ERROR_MALFORMED. (transfer full)
char *md_naming_decode_salt (const guint8 *json, gsize length,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
