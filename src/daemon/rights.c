// SPDX-License-Identifier: Apache-2.0
#include "rights.h"

#define WHOEVER_LOGGED_IN 0u

typedef struct
{
  const char *name;
  guint needs; /* one of these rights */
} Row;

/* Every method that an officer calls, in the order of the interface. */
static const Row methods[] = {
  { "QueueList", MD_RIGHT_QUEUE },       { "RetryNow", MD_RIGHT_QUEUE },
  { "Touch", WHOEVER_LOGGED_IN },        { "ReserveIntake", MD_RIGHTS_CASES },
  { "TakeUpIntake", MD_RIGHTS_CASES },   { "AbandonIntake", MD_RIGHTS_CASES },
  { "SubmitIntake", MD_RIGHTS_CASES },   { "ListIntakes", MD_RIGHTS_CASES },
  { "GetIntake", MD_RIGHTS_CASES },      { "Decide", MD_RIGHTS_CASES },
  { "RecordEvent", WHOEVER_LOGGED_IN }, /* each event has a line of its own */
  { "RaiseHold", MD_RIGHTS_CASES },      { "ReleaseHold", MD_RIGHTS_CASES },
  { "AskOcsp", MD_RIGHTS_CASES },        { "AskOcspAt", MD_RIGHTS_CASES },
  { "NamePerson", MD_RIGHTS_CASES },     { "RecordReaderRole", WHOEVER_LOGGED_IN },
  { "CiteDelegation", MD_RIGHTS_CASES }, { "DropDelegation", MD_RIGHTS_CASES },
  { "GetNotice", MD_RIGHTS_CASES },      { "AcknowledgeNotice", MD_RIGHTS_CASES },
  { "KeepDraft", MD_RIGHTS_CASES },      { "KeepVisit", MD_RIGHTS_CASES },
  { "SuspendIntake", MD_RIGHTS_CASES },  { "ListDrafts", MD_RIGHTS_CASES },
  { "GetDraft", MD_RIGHTS_CASES },       { "ResumeIntake", MD_RIGHTS_CASES },
  { "EraseDraft", MD_RIGHTS_CASES },
};

/* What happens with an application happens to who works on applications. */
static const Row events[] = {
  { "identification", MD_RIGHTS_CASES }, { "reference", MD_RIGHTS_CASES },
  { "reveal", MD_RIGHTS_CASES },         { "print", MD_RIGHTS_CASES },
  { "refusal", WHOEVER_LOGGED_IN },      { "staff-card", WHOEVER_LOGGED_IN },
  { "error", WHOEVER_LOGGED_IN },        { "guide", MD_RIGHTS_CASES },
};

static gboolean
admit (const Row *rows, gsize n_rows, guint rights, const char *name)
{
  for (gsize i = 0; i < n_rows; i++)
    if (g_str_equal (rows[i].name, name))
      return rows[i].needs == WHOEVER_LOGGED_IN || (rights & rows[i].needs) != 0;
  return FALSE;
}

gboolean
rights_admit (MdPolicy *policy, const MdPolicyStaff *officer, const char *method)
{
  return admit (methods, G_N_ELEMENTS (methods), md_policy_get_rights (policy, officer->id),
                method);
}

gboolean
rights_admit_event (MdPolicy *policy, const MdPolicyStaff *officer, const char *event)
{
  return admit (events, G_N_ELEMENTS (events), md_policy_get_rights (policy, officer->id), event);
}
