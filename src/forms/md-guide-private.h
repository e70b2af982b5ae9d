// SPDX-License-Identifier: Apache-2.0
#pragma once

#ifndef MD_FORMS_COMPILATION
#error "Private to src/forms."
#endif

#include "md-form-private.h"
#include "md-guide.h"

G_BEGIN_DECLS

/* What an event asks for, at this counter or at another. */
typedef struct
{
  char *procedure; /* id; NULL: done elsewhere */
  char *id;        /* of that, in its event */
  MdText what;     /* of what is done elsewhere */
  MdText place;    /* the same */
  MdText why, deadline;
  MdRule *when;     /* NULL: always */
  GPtrArray *bring; /* MdText, beyond what the procedure itself asks for */
} MdGuideStep;

struct _MdLifeEvent
{
  GObject parent_instance;

  char *id;
  MdText title;
  char *kana;
  GListStore *questions;  /* MdField */
  GPtrArray *steps;       /* MdGuideStep */
  MdCatalogue *catalogue; /* not owned: the catalogue owns its events */
};

/* The questions and events of a guide; failures go to the reader. */
void _md_guide_read (MdCatalogue *catalogue, MdJson *json, JsonObject *root,
                     GListStore *out_events);

G_END_DECLS
