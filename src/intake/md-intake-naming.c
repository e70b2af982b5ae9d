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
  g_clear_pointer (&self->named, g_free);
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

/* What could not be told is told again before it is handed in, and the service takes nothing of
 * whose person it does not know. */
static void
named_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Naming *naming = data;
  MdIntake *self = naming->intake;
  g_autoptr (GVariant) holds = NULL;
  g_autoptr (GError) error = NULL;
  gboolean told = md_bus_terminal1_call_name_person_finish (MD_BUS_TERMINAL1 (source), &holds,
                                                            result, &error);

  if (self->desk && self->reservation && g_str_equal (self->reservation->intake, naming->id))
    {
      if (told)
        take_holds (self, holds);
      else
        {
          _md_intake_forget_named (self);
          if (!md_bus_error_is_absent (error))
            _md_intake_set_trouble_error (self, error);
        }
      _md_intake_update (self);
    }
  naming_free (naming);
}

/* A field of the form, or what the proof says. */
static const char *
pick (MdIntake *self, const char *field, const MdIdentityProof *proof, MdMatchItem item)
{
  const char *typed = self->data ? md_form_data_get_value (self->data, field) : NULL;
  MdMatchSide side;

  if (typed)
    return typed;
  return md_identity_proof_get_side (proof, item, &side) ? side.text : NULL;
}

static GBytes *
digest_number (MdIntake *self)
{
  MdEntry *entry = self->data ? md_form_data_get_entry (self->data, "p.mynum") : NULL;
  guint8 sum[MD_SHA256_SIZE];

  return entry && md_entry_digest_number (entry, MD_NAMING_TAG_NUMBER, sum)
             ? g_bytes_new (sum, sizeof sum)
             : NULL;
}

/* Takes DIGEST (nullable) over. */
static void
add (GVariantBuilder *person, GString *named, const char *part, GBytes *digest)
{
  g_autofree char *hex = digest ? md_hex_encode_bytes (digest) : NULL;

  g_string_append_printf (named, "%s=%s ", part, hex ? hex : "");
  if (!digest)
    return;
  g_variant_builder_add (person, "{sv}", part,
                         g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, digest, TRUE));
  g_bytes_unref (digest);
}

void
_md_intake_name_person (MdIntake *self, const MdIdentityProof *proof)
{
  const char *session = _md_desk_get_session (self->desk);
  const MdNamed who = { .name = pick (self, "p.name", proof, MD_MATCH_ITEM_NAME),
                        .birth = pick (self, "p.birth", proof, MD_MATCH_ITEM_DATE),
                        .address = pick (self, "p.addr", proof, MD_MATCH_ITEM_ADDRESS) };
  GString *named = g_string_new (NULL);
  GVariantBuilder builder;
  g_autoptr (GVariant) person = NULL;
  Naming *naming;

  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add (&builder, named, "who", md_naming_digest_who (&who));
  add (&builder, named, "number", digest_number (self));
  add (&builder, named, "shown", md_naming_digest_shown (who.name ? &who : NULL, proof));
  add (&builder, named, "address", md_naming_digest_address (&who));
  person = g_variant_ref_sink (g_variant_builder_end (&builder));
  if (!session || !self->reservation || g_strcmp0 (named->str, self->named) == 0
      || !g_variant_n_children (person))
    {
      g_string_free (named, TRUE);
      return;
    }
  g_free (self->named);
  self->named = g_string_free (named, FALSE);
  naming = g_new0 (Naming, 1);
  naming->intake = g_object_ref (self);
  naming->id = g_strdup (self->reservation->intake);
  md_bus_terminal1_call_name_person (_md_desk_get_proxy (self->desk), session, naming->id, person,
                                     NULL, named_cb, naming);
}
