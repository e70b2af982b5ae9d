// SPDX-License-Identifier: Apache-2.0
#include "fuzz.h"

#include "card-talk.h"

/* A whole program's talk with a card and a reader that behave as the input says: three bytes of
 * plan (card-talk.h), then either what the card answers, one answer after another, or what is
 * different about a small card that knows its commands (card-model.h). What must hold whatever
 * happens is said in card-backend.h and card-talk.c. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  MdReader input;
  TalkPlan plan;
  g_autoptr (FuzzModel) model = NULL;
  g_autoptr (FuzzBackend) backend = NULL;

  md_reader_init (&input, data, size);
  plan.talk = md_reader_u8 (&input);
  plan.choice = md_reader_u8 (&input);
  plan.options = md_reader_u8 (&input);
  if (md_reader_failed (&input))
    return 0;
  if ((plan.options & TALK_OPTION_MODEL) != 0)
    model = fuzz_model_new (talk_pins, talk_is_staff (&plan), &input);
  backend = fuzz_backend_new (model != NULL ? &fuzz_model_funcs : &fuzz_script_funcs,
                              model != NULL ? (gpointer)model : &input,
                              (plan.options & TALK_OPTION_EXTENDED) != 0,
                              (plan.options & TALK_OPTION_ASK) != 0);
  talk_run (&plan, backend, model);
  return 0;
}
