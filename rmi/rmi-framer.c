/* rmi/rmi-framer.c: where messages begin and end in a stream of bytes
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Two framings: header lines with a Content-Length, read strictly and one line at a time, and one
 * message a line. There is no way back from an error: nobody knows where the next message would start.
 */
#include "config.h"
#include "rmi/rmi-framer-internal.h"

#include "rmi/rmi-error.h"

#define MAX_LINE_BYTES 256
#define MAX_BLOCK_BYTES 1024
#define MAX_LENGTH_DIGITS 10

static gboolean
fail (GError     **error,
      const char  *message)
{
  g_set_error_literal (error, RMI_ERROR, RMI_ERROR_PROTOCOL, message);

  return FALSE;
}

static RmiSlice
strip (const char *text,
       gsize       length)
{
  while (length > 0 && (*text == ' ' || *text == '\t'))
    {
      text++;
      length--;
    }
  while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
    length--;

  return (RmiSlice) { text, length };
}

static gboolean
slice_is (RmiSlice    slice,
          const char *lower)
{
  return slice.length == strlen (lower) && g_ascii_strncasecmp (slice.data, lower, slice.length) == 0;
}

static gboolean
read_content_length (RmiFramer        *self,
                     RmiSlice          value,
                     const RmiLimits  *limits,
                     GError          **error)
{
  guint64 length = 0;

  if (self->body_length != 0)
    return fail (error, "Message header has more than one Content-Length");
  if (value.length == 0 || value.length > MAX_LENGTH_DIGITS || value.data[0] == '0')
    return fail (error, "Content-Length is not a number from 1 to 9999999999");

  for (gsize i = 0; i < value.length; i++)
    {
      if (!g_ascii_isdigit (value.data[i]))
        return fail (error, "Content-Length is not a number from 1 to 9999999999");
      length = length * 10 + (guint64) (value.data[i] - '0');
    }

  if (length > limits->frame_bytes)
    {
      g_set_error (error, RMI_ERROR, RMI_ERROR_LIMIT,
                   "Message of %" G_GUINT64_FORMAT " bytes exceeds the limit of %" G_GSIZE_FORMAT,
                   length, limits->frame_bytes);
      return FALSE;
    }

  self->body_length = (gsize) length;

  return TRUE;
}

static gboolean
check_content_type (RmiSlice   value,
                    GError   **error)
{
  const char *semicolon = NULL;
  RmiSlice type = value;
  RmiSlice charset = RMI_SLICE_INIT;

  semicolon = memchr (value.data, ';', value.length);
  if (semicolon != NULL)
    {
      type = strip (value.data, (gsize) (semicolon - value.data));
      charset = strip (semicolon + 1, (gsize) (value.data + value.length - semicolon) - 1);
    }

  if (!slice_is (type, "application/vscode-jsonrpc") && !slice_is (type, "application/json"))
    return fail (error, "Content-Type is neither application/vscode-jsonrpc nor application/json");
  if (semicolon != NULL && !slice_is (charset, "charset=utf-8") && !slice_is (charset, "charset=utf8"))
    return fail (error, "Content-Type has a charset other than utf-8");

  return TRUE;
}

static gboolean
read_header (RmiFramer        *self,
             RmiSlice          line,
             const RmiLimits  *limits,
             GError          **error)
{
  const char *colon = NULL;
  RmiSlice name = RMI_SLICE_INIT;
  RmiSlice value = RMI_SLICE_INIT;

  colon = memchr (line.data, ':', line.length);
  if (colon == NULL)
    return fail (error, "Message header line has no colon");

  name = (RmiSlice) { line.data, (gsize) (colon - line.data) };
  value = strip (colon + 1, line.length - name.length - 1);

  if (rmi_slice_equals (name, "Content-Length", strlen ("Content-Length")) ||     /* as most write it */
      slice_is (name, "content-length"))
    return read_content_length (self, value, limits, error);
  if (slice_is (name, "content-type"))
    return check_content_type (value, error);

  return fail (error, "Message header is neither Content-Length nor Content-Type");
}

/* What a header line that is not complete can already be refused for. */
static gboolean
check_line_start (RmiFramer   *self,
                  const char  *data,
                  gsize        length,
                  GError     **error)
{
  char first = 0;

  if (length > MAX_BLOCK_BYTES)
    return fail (error, "Message header exceeds 1024 bytes");
  if (length - self->line_offset > MAX_LINE_BYTES)
    return fail (error, "Message header line exceeds 256 bytes");
  if (length == self->line_offset)
    return TRUE;

  first = data[self->line_offset];
  if (first != 'C' && first != 'c' && !(first == '\r' && self->line_offset > 0))
    return fail (error, "Not a JSON-RPC message: neither a Content-Length header nor a line of JSON");

  return TRUE;
}

/* Reads header lines as far as there are any; body_offset is set once the empty one was there. */
static gboolean
read_headers (RmiFramer        *self,
              const char       *data,
              gsize             length,
              const RmiLimits  *limits,
              GError          **error)
{
  while (self->body_offset == 0)
    {
      gsize seen = MIN (length, MAX_BLOCK_BYTES + 1);
      const char *newline = memchr (data + self->scanned, '\n', seen - self->scanned);
      gsize end = newline != NULL ? (gsize) (newline - data) + 1 : seen;
      RmiSlice line = RMI_SLICE_INIT;

      if (!check_line_start (self, data, end, error))
        return FALSE;
      self->scanned = end;
      if (newline == NULL)
        return TRUE;

      line = (RmiSlice) { data + self->line_offset, end - self->line_offset };
      if (line.length < 2 || line.data[line.length - 2] != '\r')
        return fail (error, "Message header line does not end with CR LF");
      line.length -= 2;
      self->line_offset = end;

      if (line.length > 0)
        {
          if (!read_header (self, line, limits, error))
            return FALSE;
        }
      else if (self->body_length == 0)
        return fail (error, "Message header has no Content-Length");
      else
        self->body_offset = end;
    }

  return TRUE;
}

static RmiFramerStatus
next_of_headers (RmiFramer        *self,
                 const char       *data,
                 gsize             length,
                 const RmiLimits  *limits,
                 RmiSlice         *frame,
                 gsize            *consumed,
                 gsize            *wanted,
                 GError          **error)
{
  if (self->body_offset == 0 && !read_headers (self, data, length, limits, error))
    return RMI_FRAMER_ERROR;

  if (self->body_offset == 0)
    {
      *wanted = length + 1;
      return RMI_FRAMER_MORE;
    }
  if (length - self->body_offset < self->body_length)
    {
      *wanted = self->body_offset + self->body_length;
      return RMI_FRAMER_MORE;
    }

  *frame = (RmiSlice) { data + self->body_offset, self->body_length };
  *consumed = self->body_offset + self->body_length;
  self->scanned = self->line_offset = self->body_offset = self->body_length = 0;

  return RMI_FRAMER_FRAME;
}

static RmiSlice
line_without_cr (const char *line,
                 gsize       length)
{
  if (length > 0 && line[length - 1] == '\r')
    length--;

  return (RmiSlice) { line, length };
}

static RmiFramerStatus
next_of_lines (RmiFramer        *self,
               const char       *data,
               gsize             length,
               const RmiLimits  *limits,
               RmiSlice         *frame,
               gsize            *consumed,
               gsize            *wanted,
               GError          **error)
{
  gsize start = 0;
  const char *newline = NULL;

  while ((newline = memchr (data + start + self->scanned, '\n',
                            length - start - self->scanned)) != NULL)
    {
      RmiSlice line = line_without_cr (data + start, (gsize) (newline - data) - start);

      self->scanned = 0;
      start = (gsize) (newline - data) + 1;
      if (line.length == 0)
        continue;

      *frame = line;
      *consumed = start;
      if (line.length <= limits->frame_bytes)
        return RMI_FRAMER_FRAME;

      g_set_error (error, RMI_ERROR, RMI_ERROR_LIMIT,
                   "Message of %" G_GSIZE_FORMAT " bytes exceeds the limit of %" G_GSIZE_FORMAT,
                   line.length, limits->frame_bytes);
      return RMI_FRAMER_ERROR;
    }

  *consumed = start;
  *wanted = length - start + 1;
  self->scanned = length - start;
  /* The carriage return is no part of it. */
  if (line_without_cr (data + start, self->scanned).length <= limits->frame_bytes)
    return RMI_FRAMER_MORE;

  g_set_error (error, RMI_ERROR, RMI_ERROR_LIMIT,
               "Message of more than %" G_GSIZE_FORMAT " bytes exceeds the limit", limits->frame_bytes);
  return RMI_FRAMER_ERROR;
}

void
rmi_framer_init (RmiFramer *self)
{
  *self = (RmiFramer) { .framing = RMI_FRAMING_UNKNOWN };
}

RmiFramerStatus
rmi_framer_next (RmiFramer        *self,
                 const char       *data,
                 gsize             length,
                 const RmiLimits  *limits,
                 RmiSlice         *frame,
                 gsize            *consumed,
                 gsize            *wanted,
                 GError          **error)
{
  *consumed = 0;
  if (length == 0)
    {
      *wanted = 1;
      return RMI_FRAMER_MORE;
    }

  if (self->framing == RMI_FRAMING_UNKNOWN)
    self->framing = data[0] == '{' || data[0] == '[' ? RMI_FRAMING_LINES : RMI_FRAMING_HEADERS;

  if (self->framing == RMI_FRAMING_LINES)
    return next_of_lines (self, data, length, limits, frame, consumed, wanted, error);

  return next_of_headers (self, data, length, limits, frame, consumed, wanted, error);
}

gboolean
rmi_framer_finish (RmiFramer  *self,
                   const char *data,
                   gsize       length,
                   RmiSlice   *frame)
{
  RmiSlice line = RMI_SLICE_INIT;

  if (self->framing != RMI_FRAMING_LINES)
    return FALSE;

  line = line_without_cr (data, length);
  if (line.length == 0)
    return FALSE;

  *frame = line;
  self->scanned = 0;

  return TRUE;
}

gsize
rmi_framer_header (char  *buffer,
                   gsize  body_length)
{
  static const char name[] = "Content-Length: ";
  char digits[24];
  char *digit = digits + sizeof (digits);
  char *end = buffer;

  do
    {
      *--digit = (char) ('0' + body_length % 10);
      body_length /= 10;
    }
  while (body_length > 0);

  end = mempcpy (end, name, sizeof (name) - 1);
  end = mempcpy (end, digit, (gsize) (digits + sizeof (digits) - digit));
  end = mempcpy (end, "\r\n\r\n", 4);

  return (gsize) (end - buffer);
}
