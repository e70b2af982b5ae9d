// SPDX-License-Identifier: Apache-2.0
// Whom the intake is of, told to the service in digests: it notices namesakes of the day and an
// intake of the same person that was stopped, and stops this one by itself.
#include "config.h"

#include <md-base.h>

#include "md-intake-flow-private.h"

typedef struct
{
  MdIntake *intake;
  char *id; /* of the reservation that it was about */
} Naming;

static void
naming_free (Naming *naming)
{
  g_object_unref (naming->intake);
  g_free (naming->id);
  g_free (naming);
}

void
_md_intake_forget_named (MdIntake *self)
{
  g_clear_pointer (&self->named, md_wipe_free_text);
  g_clear_pointer (&self->named_salt, md_wipe_free_text);
  for (guint i = 0; i < MD_N_NAMED; i++)
    g_clear_pointer (&self->bound[i], g_free);
}

static void
take_holds (MdIntake *self, GVariant *holds)
{
  GVariantIter iter;
  const char *kind, *salt;
  guint number;

  g_variant_iter_init (&iter, holds);
  while (g_variant_iter_next (&iter, "(u&s&s)", &number, &kind, &salt))
    _md_intake_take_hold (self, number, kind, salt);
}

/* What could not be told is told again before it is signed, and the service takes nothing of whose
 * person it does not know. */
static void
named_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Naming *naming = data;
  MdIntake *self = naming->intake;
  g_autoptr (GVariant) holds = NULL;
  g_autoptr (GError) error = NULL;
  gboolean told = md_bus_terminal1_call_name_person_finish (MD_BUS_TERMINAL1 (source), &holds,
                                                            result, &error);
  gboolean last = self->naming == naming;

  if (last)
    self->naming = NULL;

  if (self->desk && self->reservation && g_str_equal (self->reservation->intake, naming->id))
    {
      if (told)
        take_holds (self, holds);
      else
        {
          g_clear_pointer (&self->named, md_wipe_free_text);
          if (!md_bus_error_is_absent (error))
            _md_intake_set_trouble_error (self, error);
        }
      _md_intake_update (self);
    }
  if (last)
    _md_intake_sign_named (self, error);
  naming_free (naming);
}

/* As it is sealed: not what was typed before the form stopped asking for it. */
static const char *
look_up (const char *field, gpointer data)
{
  return data ? md_form_data_get_sealed (data, field) : NULL;
}

/* Only where it is sealed, too: not the card's where the form does not ask for it this time. */
static GBytes *
digest_number (MdIntake *self)
{
  MdEntry *entry = self->data ? md_form_data_get_entry (self->data, "p.mynum") : NULL;
  guint8 sum[MD_SHA256_SIZE];
  GBytes *digest = NULL;

  if (entry && md_entry_get_visible (entry)
      && md_entry_digest_number (entry, MD_NAMING_TAG_NUMBER, sum))
    digest = md_bytes_new_wiped (sum, sizeof sum);
  md_wipe (sum, sizeof sum);
  return digest;
}

/* What the service is told, as a text to compare it by; *OUT_PERSON is what it is told. */
static char *
describe (MdIntake *self, const MdNaming *naming, GVariant **out_person)
{
  /* So long that it never moves and leaves a copy behind. */
  GString *text = g_string_sized_new (MD_N_NAMED * (MD_SHA256_SIZE * 2 + sizeof "address= "));
  GVariantBuilder person;
  g_autoptr (GBytes) salt = md_hex_decode (self->named_salt, NULL);

  g_variant_builder_init (&person, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&person, "{sv}", "salt",
                         g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, salt, TRUE));
  for (guint i = 0; i < MD_N_NAMED; i++)
    {
      GBytes *digest = naming->digests[i];
      md_autowipe char *hex = digest ? md_hex_encode_bytes (digest) : NULL;

      g_string_append_printf (text, "%s=%s ", md_named_part_to_id (i), hex ? hex : "");
      if (digest)
        g_variant_builder_add (&person, "{sv}", md_named_part_to_id (i),
                               g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, digest, TRUE));
    }
  *out_person = g_variant_ref_sink (g_variant_builder_end (&person));
  return g_string_free (text, FALSE);
}

static gboolean
says_somebody (const MdNaming *naming)
{
  for (guint i = 0; i < MD_N_NAMED; i++)
    if (naming->digests[i])
      return TRUE;
  return FALSE;
}

/* Where nobody is identified the contents may name nobody either, and the service is told that,
 * once they are complete. */
static gboolean
names_nobody (MdIntake *self, const MdIdentityProof *proof)
{
  return md_identity_proof_get_brought (proof) && self->step >= MD_STEP_OF_CONTENT;
}

void
_md_intake_name_person (MdIntake *self, const MdIdentityProof *proof)
{
  const char *session = _md_desk_get_session (self->desk);
  g_auto (MdNaming) told = { { NULL } };
  g_autoptr (GVariant) person = NULL;
  md_autowipe char *named = NULL;
  g_autofree char *who = NULL;
  Naming *naming;

  if (!session || !self->reservation)
    return;
  if (!self->named_salt)
    self->named_salt = md_naming_make_salt ();
  md_naming_fill (&told, look_up, self->data, proof);
  told.digests[MD_NAMED_NUMBER] = digest_number (self);
  named = describe (self, &told, &person);
  if (!(says_somebody (&told) || names_nobody (self, proof)) || g_strcmp0 (named, self->named) == 0)
    return;
  md_wipe_free_text (self->named);
  self->named = g_steal_pointer (&named);
  who = g_steal_pointer (&self->bound[MD_NAMED_WHO]);
  for (guint i = 0; i < MD_N_NAMED; i++)
    {
      g_free (self->bound[i]);
      self->bound[i] = md_naming_dup_bound (&told, i, self->reservation->intake, self->named_salt);
    }
  if (g_strcmp0 (who, self->bound[MD_NAMED_WHO]) != 0)
    _md_intake_doubt_letter (self);
  naming = g_new0 (Naming, 1);
  naming->intake = g_object_ref (self);
  naming->id = g_strdup (self->reservation->intake);
  self->naming = naming;
  md_bus_terminal1_call_name_person (_md_desk_get_proxy (self->desk), session, naming->id, person,
                                     NULL, named_cb, naming);
}
