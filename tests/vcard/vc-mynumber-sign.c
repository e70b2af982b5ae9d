// SPDX-License-Identifier: Apache-2.0
/* COMPUTE DIGITAL SIGNATURE, INTERNAL AUTHENTICATE. */
#include "vc-mynumber.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>

#include <string.h>

#define SIGNATURE_SIZE 256
#define MAX_SIGNATURE_INPUT 245
#define P384_SIZE 48 /* of a digest of SHA-384, and of r and s */

typedef struct
{
  gboolean card_hashes;
  gboolean is_digest; /* the padding says SHA-256 */
  int padding;
} Scheme;

/* By P1. */
static const Scheme schemes[] = {
  { FALSE, FALSE, RSA_PKCS1_PADDING },    { TRUE, FALSE, RSA_PKCS1_PADDING },
  { FALSE, TRUE, RSA_PKCS1_PADDING },     { TRUE, TRUE, RSA_PKCS1_PADDING },
  { FALSE, TRUE, RSA_PKCS1_PSS_PADDING }, { TRUE, TRUE, RSA_PKCS1_PSS_PADDING },
};

static guint16
choose_key (VcMyNumber *state, guint8 p2)
{
  if (p2 != 0x00)
    return vc_mynumber_choose_file (state, p2);
  if (state->application->default_key == 0)
    return VC_SW_NO_FILE;
  state->file = vc_application_get_file (state->application, state->application->default_key);
  return VC_SW_OK;
}

/* A card that is kept in memory signs the same thing once. */
static gboolean
sign_once (VcMyNumber *state, const Scheme *scheme, const guint8 *input, gsize size,
           GByteArray *out)
{
  g_autofree char *object = vc_mynumber_name (state, state->file->id);
  EVP_PKEY *key = vc_store_get_key (state->store, object);
  g_autoptr (GBytes) known = NULL;
  g_autoptr (GBytes) asked = NULL;
  GByteArray *question = g_byte_array_new ();

  g_byte_array_append (question, (const guint8 *)object, (guint)strlen (object));
  g_byte_array_append (question, (const guint8 *)scheme, sizeof *scheme);
  g_byte_array_append (question, input, (guint)size);
  asked = g_byte_array_free_to_bytes (question);
  known = vc_store_recall (state->store, asked);
  if (known)
    {
      g_byte_array_append (out, g_bytes_get_data (known, NULL), (guint)g_bytes_get_size (known));
      return TRUE;
    }
  if (!vc_sign (key, scheme->padding, scheme->is_digest, input, size, out))
    return FALSE;
  known = g_bytes_new (out->data, out->len);
  vc_store_remember (state->store, asked, known);
  return TRUE;
}

/* r and s side by side, as some say the next generation of cards will give them. */
static void
make_plain (GByteArray *answer, gsize component)
{
  const guint8 *der = answer->data;
  ECDSA_SIG *value = d2i_ECDSA_SIG (NULL, &der, (long)answer->len);
  guint8 plain[2 * P384_SIZE];

  g_assert (value && component == P384_SIZE);
  BN_bn2binpad (ECDSA_SIG_get0_r (value), plain, (int)component);
  BN_bn2binpad (ECDSA_SIG_get0_s (value), plain + component, (int)component);
  ECDSA_SIG_free (value);
  g_byte_array_set_size (answer, 0);
  g_byte_array_append (answer, plain, (guint)(2 * component));
}

/* The next generation: the bare digest of SHA-384 in, an ECDSA signature out. */
static guint16
sign_ecdsa (VcMyNumber *state, VcExchange *exchange)
{
  static const Scheme bare = { .padding = 0 };
  const MdCommand *command = &exchange->command;

  if (command->p1 != 0x00)
    return VC_SW_PARAMETERS;
  if (command->data_size != P384_SIZE || command->expected == 0)
    return VC_SW_LENGTH;
  exchange->delay_ms = vc_store_get_quirk_number (state->store, "sign_delay_ms");
  if (!sign_once (state, &bare, command->data, command->data_size, exchange->answer))
    return VC_SW_CRYPTO;
  if (vc_store_has_quirk (state->store, "ecdsa_plain"))
    make_plain (exchange->answer, P384_SIZE);
  return VC_SW_OK;
}

static guint16
sign (VcMyNumber *state, VcExchange *exchange, const Scheme *scheme)
{
  const MdCommand *command = &exchange->command;
  g_autofree char *object = vc_mynumber_name (state, state->file->id);
  EVP_PKEY *key = vc_store_get_key (state->store, object);
  guint8 digest[SHA256_DIGEST_LENGTH];
  const guint8 *input = command->data;
  gsize size = command->data_size;

  if (!key)
    return VC_SW_REFERENCE;
  if (EVP_PKEY_get_base_id (key) == EVP_PKEY_EC)
    return sign_ecdsa (state, exchange);
  if (size == 0 || size > MAX_SIGNATURE_INPUT
      || (scheme->is_digest && !scheme->card_hashes && size != sizeof digest))
    return VC_SW_LENGTH;
  if (command->expected < SIGNATURE_SIZE)
    return command->expected == 0 ? VC_SW_LENGTH : VC_SW_EXACT_LENGTH;
  if (scheme->card_hashes)
    {
      SHA256 (command->data, command->data_size, digest);
      input = digest;
      size = sizeof digest;
    }
  exchange->delay_ms = vc_store_get_quirk_number (state->store, "sign_delay_ms");
  return sign_once (state, scheme, input, size, exchange->answer) ? VC_SW_OK : VC_SW_CRYPTO;
}

guint16
vc_mynumber_sign (VcMyNumber *state, VcExchange *exchange)
{
  const MdCommand *command = &exchange->command;
  guint16 chosen;

  if (command->p1 >= G_N_ELEMENTS (schemes))
    return VC_SW_PARAMETERS;
  chosen = choose_key (state, command->p2);
  if (chosen != VC_SW_OK)
    return chosen;
  if (state->file->kind != VC_EF_KEY)
    return VC_SW_NO_FILE;
  if (!vc_mynumber_is_open (state, state->file))
    return VC_SW_SECURITY;
  return sign (state, exchange, &schemes[command->p1]);
}

guint16
vc_mynumber_internal_authenticate (VcMyNumber *state, VcExchange *exchange)
{
  if (strcmp (state->application->name, "common") != 0)
    return VC_SW_CONDITIONS;
  if (exchange->command.p1 != 0x00 || exchange->command.p2 != 0x99)
    return VC_SW_PARAMETERS;
  state->file = vc_application_get_file (state->application, 0x0019);
  return sign (state, exchange, &schemes[0]);
}
