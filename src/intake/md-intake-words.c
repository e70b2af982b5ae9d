// SPDX-License-Identifier: Apache-2.0
// What the items of the intake say alike, in the language of the screen.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"
#include "md-intake-items-private.h"

const char *
_md_words_staff (const MdPolicyStaff *staff)
{
  if (!staff)
    return NULL;
  return md_forms_in_japanese () ? staff->name_ja : staff->name_en;
}

const char *
_md_words_staff_id (MdPolicy *policy, const char *id)
{
  const MdPolicyStaff *staff = policy && id ? md_policy_get_staff (policy, id) : NULL;

  return staff ? _md_words_staff (staff) : id;
}

char *
_md_words_moment (const char *rfc3339)
{
  gint64 time;

  if (!rfc3339 || !md_time_parse_rfc3339 (rfc3339, &time, NULL))
    return NULL;
  return md_time_format_tokyo (time,
                               md_forms_in_japanese () ? MD_TIME_STYLE_ERA : MD_TIME_STYLE_ISO);
}

const char *
_md_words_lookup (GVariant *dict, const char *key)
{
  const char *text = NULL;

  return g_variant_lookup (dict, key, "&s", &text) && text[0] ? text : NULL;
}

void
_md_words_refuse_other (GError **error)
{
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_DAMAGED,
                       _ ("The service gave another application than the one asked for. Call "
                          "the administrator."));
}

const char *
_md_intake_sentence (MdIntakeWait wait)
{
  static const char *const sentences[] = {
    [MD_WAIT_PROCEDURE] = N_ ("Choose the procedure."),
    [MD_WAIT_RESERVING] = N_ ("Getting a reception number."),
    [MD_WAIT_NOTICE] = N_ ("Explain what the data are used for, and ask for consent."),
    [MD_WAIT_READER] = N_ ("The card reader for the resident's card is missing."),
    [MD_WAIT_CARD] = N_ ("Put the resident's card on the reader."),
    [MD_WAIT_INSPECTING] = N_ ("Do not move the card."),
    [MD_WAIT_PIN] = N_ ("Ask the resident to enter the PINs."),
    [MD_WAIT_FACE_ENTRY] = N_ ("Type what is printed on the card."),
    [MD_WAIT_FACE] = N_ ("Compare the photograph with the person."),
    [MD_WAIT_READING] = N_ ("Reading the card. Do not move it."),
    [MD_WAIT_REFUSED] = N_ ("This card cannot be used. Take it off the reader."),
    [MD_WAIT_FIELDS] = N_ ("Fill in what is missing."),
    [MD_WAIT_STAFF_PIN]
    = N_ ("Read the application out, then sign it with the PIN of your staff card."),
    [MD_WAIT_STAFF_CARD] = N_ ("Put your staff card back on the reader."),
    [MD_WAIT_SEALING] = N_ ("Sealing and signing. Do not move the staff card."),
    [MD_WAIT_SENDING] = N_ ("Handing it over."),
    [MD_WAIT_RETRY] = N_ ("It is sealed, but not handed over yet. Try again."),
    [MD_WAIT_TAKE_CARD] = N_ ("Give the card back to the resident."),
    [MD_WAIT_FILER] = N_ ("Who is at the counter?"),
    [MD_WAIT_DOCUMENTS] = N_ ("Which documents were shown?"),
    [MD_WAIT_COMPARE] = N_ ("Compare the documents with the person."),
    [MD_WAIT_BROUGHT] = N_ ("Nobody is identified for this procedure."),
    [MD_WAIT_HELD] = N_ ("This takes a moment to check."),
    [MD_WAIT_RELEASING] = N_ ("Signing. Do not move the staff card."),
    [MD_WAIT_AWAY] = N_ ("The card has left the reader. Put the same card back to go on."),
    [MD_WAIT_NOTHING] = N_ ("All is there. Go on."),
  };

  return gettext (sentences[wait]);
}
