// SPDX-License-Identifier: Apache-2.0
// Step "identify": which other ways there are, for the texts that send the clerk to one.
#include "config.h"

#include <glib/gi18n.h>

#include "md-intake-flow-private.h"
#include "md-intake-papers.h"

/* Nothing runs, and nobody was identified: here the ways are offered, or none is. */
static gboolean
offers_ways (MdIntake *self)
{
  static const MdIntakeWait waits[]
      = { MD_WAIT_READER, MD_WAIT_CARD, MD_WAIT_PIN, MD_WAIT_FACE_ENTRY, MD_WAIT_REFUSED };

  if (!self->desk || self->step != MD_STEP_OF_IDENTIFY)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    if (self->wait == waits[i])
      return TRUE;
  return FALSE;
}

/* Offered, and this card can. */
static gboolean
can_sign (MdIntake *self)
{
  return md_intake_get_can_use_signature (self) && _md_intake_can_sign (self);
}

/* Offered, and not only for who files by a card of their own. */
static gboolean
can_show_papers (MdIntake *self)
{
  return md_intake_get_can_use_papers (self) && _md_intake_accepts_papers (self);
}

char *
md_intake_dup_other_ways (MdIntake *self)
{
  g_return_val_if_fail (MD_IS_INTAKE (self), NULL);
  const struct
  {
    gboolean (*is_offered) (MdIntake *intake);
    const char *name;
  } ways[] = {
    { md_intake_get_can_use_pin, _ ("the PINs of four digits") },
    { md_intake_get_can_use_face, _ ("comparing the photograph") },
    { can_sign, _ ("the signature certificate") },
    { can_show_papers, _ ("identity documents") },
  };
  g_autoptr (GString) names = g_string_new (NULL);

  if (!self->trouble || !md_trouble_get_other_way (self->trouble) || !offers_ways (self))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    if (ways[i].is_offered (self))
      g_string_append_printf (names, "%s%s", names->len == 0 ? "" : C_ ("between two ways", ", "),
                              ways[i].name);
  if (names->len == 0)
    return g_strdup (
        _ ("No other way is left for this procedure here. Take the application on paper."));
  return g_strdup_printf (_ ("Ways that this screen offers: %s."), names->str);
}
