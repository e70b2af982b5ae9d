// SPDX-License-Identifier: Apache-2.0
// Step "identify": what is ticked off on the panel while the card is asked, way by way.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

typedef struct
{
  MdIdentityStep step;
  const char *id, *title, *passed; /* what it says when it is well */
} CheckRow;

static const CheckRow pin_rows[] = {
  { MD_IDENTITY_STEP_RECOGNISE, "card", N_ ("Card"), N_ ("Recognised") },
  { MD_IDENTITY_STEP_TRIES, "tries", N_ ("PIN tries left"), N_ ("Read") },
  { MD_IDENTITY_STEP_ATTRIBUTES, "attributes", N_ ("Personal data"), N_ ("Read") },
  { MD_IDENTITY_STEP_NUMBER, "number", N_ ("Individual number"), N_ ("Read") },
  { MD_IDENTITY_STEP_CERTIFICATE, "certificate", N_ ("User certificate"), N_ ("Read") },
  { MD_IDENTITY_STEP_PATH, "path", N_ ("Issuer and validity"), N_ ("Valid") },
  { MD_IDENTITY_STEP_SIGN, "sign", N_ ("Proof of presence"), N_ ("Signed") },
  { MD_IDENTITY_STEP_VERIFY, "verify", N_ ("Card's signature"), N_ ("Matches") },
  { MD_IDENTITY_STEP_REVOCATION, "revocation", N_ ("Revocation"), N_ ("Not revoked") },
};

/* The signature certificate is closed until its password was presented. */
static const CheckRow signature_rows[] = {
  { MD_IDENTITY_STEP_RECOGNISE, "card", N_ ("Card"), N_ ("Recognised") },
  { MD_IDENTITY_STEP_TRIES, "tries", N_ ("Password tries left"), N_ ("Read") },
  { MD_IDENTITY_STEP_NUMBER, "number", N_ ("Individual number"), N_ ("Read") },
  { MD_IDENTITY_STEP_CERTIFICATE, "certificate", N_ ("Signature certificate"), N_ ("Read") },
  { MD_IDENTITY_STEP_PATH, "path", N_ ("Issuer and validity"), N_ ("Valid") },
  { MD_IDENTITY_STEP_ATTRIBUTES, "attributes", N_ ("Personal data"), N_ ("Read") },
  { MD_IDENTITY_STEP_SIGN, "sign", N_ ("Proof of presence"), N_ ("Signed") },
  { MD_IDENTITY_STEP_VERIFY, "verify", N_ ("Card's signature"), N_ ("Matches") },
  { MD_IDENTITY_STEP_REVOCATION, "revocation", N_ ("Revocation"), N_ ("Not revoked") },
};

/* By the face, VERIFY is what the clerk says. */
static const CheckRow face_rows[] = {
  { MD_IDENTITY_STEP_RECOGNISE, "card", N_ ("Card"), N_ ("Recognised") },
  { MD_IDENTITY_STEP_TRIES, "tries", N_ ("Tries left for the printed digits"), N_ ("Read") },
  { MD_IDENTITY_STEP_FACE, "face", N_ ("Card's face"), N_ ("Genuine") },
  { MD_IDENTITY_STEP_ATTRIBUTES, "attributes", N_ ("Personal data"), N_ ("Read") },
  { MD_IDENTITY_STEP_NUMBER, "number", N_ ("Individual number"), N_ ("Read") },
  { MD_IDENTITY_STEP_REVOCATION, "revocation", N_ ("Revocation"), N_ ("Not revoked") },
  { MD_IDENTITY_STEP_VERIFY, "person", N_ ("Face and person"), N_ ("Same person") },
};

static const CheckRow *
check_rows (MdIntake *self, guint *out_n)
{
  if (self->by_signature)
    {
      *out_n = G_N_ELEMENTS (signature_rows);
      return signature_rows;
    }
  *out_n = self->by_face ? G_N_ELEMENTS (face_rows) : G_N_ELEMENTS (pin_rows);
  return self->by_face ? face_rows : pin_rows;
}

/* Above the others: whose card it is. */
static void
add_filer (MdIntake *self)
{
  g_autoptr (MdCheck) check = _md_check_new ("filer", _ ("Who files"));

  _md_check_set (check, MD_CHECK_PASSED, md_filer_get_label (self->papers.filer), NULL);
  g_list_store_append (self->checks, check);
}

void
_md_intake_begin_checks (MdIntake *self)
{
  guint n;
  const CheckRow *rows = check_rows (self, &n);

  g_list_store_remove_all (self->checks);
  g_list_store_remove_all (self->warnings);
  if (self->by_filer)
    add_filer (self);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdCheck) check = _md_check_new (rows[i].id, gettext (rows[i].title));

      g_list_store_append (self->checks, check);
    }
}

void
_md_intake_check (MdIntake *self, MdIdentityStep step, MdCheckState state)
{
  guint n;
  const CheckRow *rows = check_rows (self, &n);
  const guint first = self->by_filer ? 1 : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (G_LIST_MODEL (self->checks), first + i);

      if (check && rows[i].step == step)
        _md_check_set (check, state, state == MD_CHECK_PASSED ? gettext (rows[i].passed) : NULL,
                       NULL);
    }
}

void
_md_intake_name_verdict (MdIntake *self, const char *word)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->checks)); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (G_LIST_MODEL (self->checks), i);

      if (md_check_get_state (check) == MD_CHECK_REFUSED)
        _md_check_set (check, MD_CHECK_REFUSED, word, NULL);
    }
}

void
_md_intake_tell_list_time (MdIntake *self, const MdIdentityProof *proof)
{
  const gint64 made = md_identity_proof_get_list_time (proof);
  g_autofree char *when = NULL;
  g_autofree char *text = NULL;

  if (made == 0)
    return;
  when = md_time_format_tokyo (made * G_USEC_PER_SEC, MD_TIME_STYLE_ISO);
  text = g_strdup_printf (_ ("Not on the list of %s"), when);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->checks)); i++)
    {
      g_autoptr (MdCheck) check = g_list_model_get_item (G_LIST_MODEL (self->checks), i);

      if (g_str_equal (md_check_get_id (check), "revocation"))
        _md_check_set (check, MD_CHECK_PASSED, text, NULL);
    }
}
