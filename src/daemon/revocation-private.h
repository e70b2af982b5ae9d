// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "revocation.h"

/* One address of the policy. */
typedef struct
{
  Revocation *owner;
  guint number; /* in the policy's order, from 1: the log names it so */
  char *url;
  char *key;         /* of the list that it brought; NULL before the first */
  const char *state; /* "waiting", "ok", or the trouble's word */
  gint64 next;       /* seconds since 1970: when it is due */
  gint64 success;    /* when it last brought a list that counts; 0: never */
  guint tries;       /* in vain since then */
} RevocationSource;

struct _Revocation
{
  Service *service;
  MdCrlStore *store;
  GPtrArray *issuers;
  GPtrArray *sources;
  RevocationSource *busy;    /* being fetched; one at a time */
  GCancellable *cancellable; /* of that transfer */
  GQueue waiting;            /* GDBusMethodInvocation that wait for the round to end */
};

gint64 revocation_now (const Revocation *self);
/* Seconds that the policy lets a list be old; 0 without a policy. */
gint64 revocation_max_age (const Revocation *self);
/* "ok", "aging" (its limit is near and no newer one has come), "old" (over it). */
const char *revocation_judge_entry (const Revocation *self, const MdCrlEntry *entry);
