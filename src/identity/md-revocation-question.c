// SPDX-License-Identifier: Apache-2.0
#include "md-identify-private.h"

struct _MdRevocationQuestion
{
  gatomicrefcount count;
  MdRevocation *revocation;
  GMutex *lock; // counted, shared by every question to this revocation
  GMutex mutex;
  GCond answered;
  MdVerdict *path;
  GBytes *nonce;
  gint64 time;
  MdVerdict *answer;
};

static void
clear_lock (gpointer lock)
{
  g_mutex_clear (lock);
}

MdRevocationQuestion *
_md_revocation_question_new (MdRevocation *revocation, GMutex *lock)
{
  MdRevocationQuestion *self = g_new0 (MdRevocationQuestion, 1);
  g_atomic_ref_count_init (&self->count);
  self->revocation = md_revocation_ref (revocation);
  self->lock = g_atomic_rc_box_acquire (lock);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->answered);
  return self;
}

MdRevocationQuestion *
_md_revocation_question_ref (MdRevocationQuestion *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

void
_md_revocation_question_unref (MdRevocationQuestion *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->count))
    return;
  md_revocation_unref (self->revocation);
  g_atomic_rc_box_release_full (self->lock, clear_lock);
  g_clear_pointer (&self->path, md_verdict_unref);
  g_clear_pointer (&self->nonce, g_bytes_unref);
  g_clear_pointer (&self->answer, md_verdict_unref);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->answered);
  g_free (self);
}

static gpointer
ask_main (gpointer data)
{
  g_autoptr (MdRevocationQuestion) self = data;
  g_mutex_lock (self->lock);
  MdVerdict *answer = md_revocation_check (self->revocation, self->path, self->nonce, self->time);
  g_mutex_unlock (self->lock);

  g_mutex_lock (&self->mutex);
  self->answer = answer;
  g_cond_broadcast (&self->answered);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

void
_md_revocation_question_ask (MdRevocationQuestion *self, const MdVerdict *path, GBytes *nonce,
                             gint64 time)
{
  g_return_if_fail (self->path == NULL);
  self->path = md_verdict_ref (path);
  self->nonce = g_bytes_ref (nonce);
  self->time = time;
  g_thread_unref (g_thread_new ("revocation", ask_main, _md_revocation_question_ref (self)));
}

MdVerdict *
_md_revocation_question_wait (MdRevocationQuestion *self)
{
  g_mutex_lock (&self->mutex);
  while (self->answer == NULL)
    g_cond_wait (&self->answered, &self->mutex);
  MdVerdict *answer = md_verdict_ref (self->answer);
  g_mutex_unlock (&self->mutex);
  return answer;
}
