// SPDX-License-Identifier: Apache-2.0
#include "md-apdu.h"

#include <md-base.h>

static void
write_extended_lengths (MdWriter *writer, const MdCommand *command)
{
  if (command->data_size > 0 || command->expected > 0)
    md_writer_u8 (writer, 0);
  if (command->data_size > 0)
    {
      md_writer_u16be (writer, (guint16)command->data_size);
      md_writer_bytes (writer, command->data, command->data_size);
    }
  if (command->expected > 0)
    md_writer_u16be (writer, (guint16)(command->expected & 0xffff));
}

static void
write_short_lengths (MdWriter *writer, const MdCommand *command)
{
  if (command->data_size > 0)
    {
      md_writer_u8 (writer, (guint8)command->data_size);
      md_writer_bytes (writer, command->data, command->data_size);
    }
  if (command->expected > 0)
    md_writer_u8 (writer, (guint8)(command->expected & 0xff));
}

GBytes *
md_command_encode (const MdCommand *command, MdCommandForm form, GError **error)
{
  const gboolean extended = form == MD_COMMAND_FORM_EXTENDED;
  g_autoptr (MdWriter) writer = md_writer_new_secret (MD_LIMIT_APDU_DATA + 16);

  if (command->data_size > (extended ? MD_LIMIT_APDU_DATA : 255)
      || command->expected > (extended ? 65536 : 256))
    {
      g_set_error_literal (error, MD_APDU_ERROR, MD_APDU_ERROR_TOO_LARGE,
                           "The command does not fit into this form of APDU");
      return NULL;
    }
  md_writer_u8 (writer, command->cla);
  md_writer_u8 (writer, command->ins);
  md_writer_u8 (writer, command->p1);
  md_writer_u8 (writer, command->p2);
  if (extended)
    write_extended_lengths (writer, command);
  else
    write_short_lengths (writer, command);
  return md_writer_finish (writer, error);
}

/* What follows the header of an extended command: [Lc data] [Le], the leading 00 already read. */
static void
read_extended_body (MdReader *reader, MdCommand *command)
{
  const guint16 first = md_reader_u16be (reader);

  if (!md_reader_failed (reader) && md_reader_remaining (reader) == 0)
    {
      command->expected = first == 0 ? 65536 : first;
      return;
    }
  if (first == 0)
    md_reader_fail (reader);
  command->data_size = first;
  command->data = md_reader_bytes (reader, first);
  if (md_reader_remaining (reader) > 0)
    {
      const guint16 le = md_reader_u16be (reader);

      command->expected = le == 0 ? 65536 : le;
    }
}

static void
read_short_body (MdReader *reader, MdCommand *command, guint8 first)
{
  if (md_reader_remaining (reader) == 0)
    {
      command->expected = first == 0 ? 256 : first;
      return;
    }
  command->data_size = first;
  command->data = md_reader_bytes (reader, first);
  if (md_reader_remaining (reader) > 0)
    {
      const guint8 le = md_reader_u8 (reader);

      command->expected = le == 0 ? 256 : le;
    }
}

gboolean
md_command_parse (const guint8 *bytes, gsize size, MdCommand *out_command, MdCommandForm *out_form,
                  GError **error)
{
  MdReader reader;
  MdCommand command = { 0 };
  gboolean extended = FALSE;

  md_reader_init (&reader, bytes, size);
  command.cla = md_reader_u8 (&reader);
  command.ins = md_reader_u8 (&reader);
  command.p1 = md_reader_u8 (&reader);
  command.p2 = md_reader_u8 (&reader);
  if (md_reader_remaining (&reader) > 0)
    {
      const guint8 first = md_reader_u8 (&reader);

      extended = first == 0 && md_reader_remaining (&reader) > 0;
      if (extended)
        read_extended_body (&reader, &command);
      else
        read_short_body (&reader, &command, first);
    }
  if (md_reader_failed (&reader) || md_reader_remaining (&reader) > 0)
    {
      g_set_error_literal (error, MD_APDU_ERROR,
                           md_reader_failed (&reader) ? MD_APDU_ERROR_TRUNCATED
                                                      : MD_APDU_ERROR_MALFORMED,
                           "The lengths in the command do not fit the command");
      return FALSE;
    }
  *out_command = command;
  if (out_form != NULL)
    *out_form = extended ? MD_COMMAND_FORM_EXTENDED : MD_COMMAND_FORM_SHORT;
  return TRUE;
}
