// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "answer.h"

G_BEGIN_DECLS

/* GET /healthz: whether the gateway serves, in one word, or why it does not. */
void answer_health (Office *office, Answer *answer);

/* GET /metrics: what Prometheus reads. */
void answer_metrics (Office *office, const Counters *counters, Answer *answer);

G_END_DECLS
