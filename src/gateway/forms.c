// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "forms.h"

MdProblem *
forms_check_intake (MdPolicy *policy, const MdManifest *manifest)
{
  const MdVersionJudgement judgement = md_policy_judge_version (
      policy, manifest->procedure, manifest->procedure_version, manifest->wall);

  return judgement == MD_VERSION_GOOD ? NULL
                                      : md_problem_new (MD_PROBLEM_PROCEDURE_VERSION,
                                                        md_version_judgement_get_text (judgement));
}
