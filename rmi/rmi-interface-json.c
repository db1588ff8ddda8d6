/* rmi/rmi-interface-json.c: the description of an interface as a JSON document
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * One object that stands for itself: under "types" is all that its signatures name. What is false,
 * empty or as usual is left out.
 */
#include "config.h"
#include "rmi/rmi-interface-info-private.h"

#include "rmi/rmi-declaration-private.h"

typedef struct
{
  RmiWriter  *writer;
  RmiOutline *outline;
} Document;

static void
add_text (Document   *self,
          const char *name,
          const char *text)
{
  if (text == NULL || *text == '\0')
    return;
  rmi_writer_add_member (self->writer, name);
  rmi_writer_add_string (self->writer, text);
}

static void
add_flag (Document   *self,
          const char *name,
          gboolean    is_set)
{
  if (!is_set)
    return;
  rmi_writer_add_member (self->writer, name);
  rmi_writer_add_boolean (self->writer, TRUE);
}

static void
add_type (Document          *self,
          const RmiTypeInfo *type)
{
  g_autofree char *signature = rmi_outline_get_signature (self->outline, type);

  add_text (self, "type", signature);
}

static void
add_remarks (Document   *self,
             const char *doc,
             const char *since,
             gboolean    is_deprecated)
{
  add_text (self, "doc", doc);
  add_text (self, "since", since);
  add_flag (self, "deprecated", is_deprecated);
}

static void
add_fields (Document        *self,
            const char      *name,
            const GPtrArray *fields)
{
  guint i;

  if (fields->len == 0)
    return;
  rmi_writer_add_member (self->writer, name);
  rmi_writer_begin_array (self->writer);
  for (i = 0; i < fields->len; i++)
    {
      const RmiFieldInfo *field = fields->pdata[i];

      rmi_writer_begin_object (self->writer);
      add_text (self, "name", field->name);
      add_type (self, field->type);
      add_text (self, "doc", field->doc);
      rmi_writer_end_object (self->writer);
    }
  rmi_writer_end_array (self->writer);
}

static void
add_method (Document *self,
            gpointer  data)
{
  const RmiMethodInfo *method = data;
  guint i;

  add_text (self, "name", method->name);
  add_fields (self, "in", method->in);
  add_fields (self, "out", method->out);
  if (method->throws->len > 0)
    {
      rmi_writer_add_member (self->writer, "throws");
      rmi_writer_begin_array (self->writer);
      for (i = 0; i < method->throws->len; i++)
        rmi_writer_add_string (self->writer, method->throws->pdata[i]);
      rmi_writer_end_array (self->writer);
    }
  add_flag (self, "idempotent", method->is_idempotent);
  add_flag (self, "oneway", method->is_oneway);
  if (method->timeout_ms > 0)
    {
      rmi_writer_add_member (self->writer, "timeout");
      rmi_writer_add_uint32 (self->writer, method->timeout_ms);
    }
  add_remarks (self, method->doc, method->since, method->is_deprecated);
}

static void
add_signal (Document *self,
            gpointer  data)
{
  const RmiSignalInfo *signal = data;

  add_text (self, "name", signal->name);
  add_fields (self, "args", signal->arguments);
  add_remarks (self, signal->doc, signal->since, signal->is_deprecated);
}

static void
add_property (Document *self,
              gpointer  data)
{
  const RmiPropertyInfo *property = data;

  add_text (self, "name", property->name);
  add_type (self, property->type);
  add_text (self, "access",
            !property->is_writable ? "read" : property->is_readable ? "readwrite" : "write");
  add_remarks (self, property->doc, property->since, property->is_deprecated);
}

static void
add_value (Document *self,
           gpointer  data)
{
  const RmiEnumValueInfo *value = data;

  add_text (self, "name", value->name);
  rmi_writer_add_member (self->writer, "value");
  rmi_writer_add_int64 (self->writer, value->value);
  add_text (self, "doc", value->doc);
}

static void
add_each (Document         *self,
          const char       *name,
          const GPtrArray  *items,
          void            (*add) (Document *self, gpointer data))
{
  guint i;

  if (items->len == 0)
    return;
  rmi_writer_add_member (self->writer, name);
  rmi_writer_begin_array (self->writer);
  for (i = 0; i < items->len; i++)
    {
      rmi_writer_begin_object (self->writer);
      add (self, items->pdata[i]);
      rmi_writer_end_object (self->writer);
    }
  rmi_writer_end_array (self->writer);
}

static void
add_declaration (Document             *self,
                 const RmiDeclaration *declaration)
{
  rmi_writer_add_member (self->writer, rmi_outline_get_alias (self->outline, declaration));
  rmi_writer_begin_object (self->writer);
  add_text (self, "kind", rmi_declaration_kind_to_string (declaration->kind));
  add_text (self, "name", declaration->name);
  if (declaration->kind == RMI_DECLARATION_CLASS && declaration->base != NULL)
    add_text (self, "extends", rmi_outline_get_alias (self->outline, declaration->base));
  add_flag (self, "compact", declaration->compact);
  add_flag (self, "cycles", declaration->allows_cycles);
  if (declaration->kind == RMI_DECLARATION_CLASS)
    add_fields (self, "properties", declaration->fields);
  if (declaration->kind == RMI_DECLARATION_STRUCT)
    add_fields (self, "fields", declaration->fields);
  if (declaration->values != NULL)
    add_each (self, "values", declaration->values, add_value);
  if (declaration->kind != RMI_DECLARATION_INTERFACE)
    add_remarks (self, declaration->doc, declaration->since, declaration->is_deprecated);
  rmi_writer_end_object (self->writer);
}

static void
add_declarations (Document *self)
{
  guint i;

  if (self->outline->declarations->len == 0)
    return;
  rmi_writer_add_member (self->writer, "types");
  rmi_writer_begin_object (self->writer);
  for (i = 0; i < self->outline->declarations->len; i++)
    add_declaration (self, self->outline->declarations->pdata[i]);
  rmi_writer_end_object (self->writer);
}

/* All text in it was checked to be UTF-8, and there is no limit: writing cannot fail. */
void
rmi_interface_info_seal (RmiInterfaceInfo *self)
{
  g_autoptr(RmiWriter) writer = rmi_writer_new (NULL, NULL);
  g_autoptr(RmiOutline) outline = rmi_outline_new (self);
  Document document = { writer, outline };
  RmiSlice text = RMI_SLICE_INIT;

  rmi_writer_begin_object (writer);
  add_text (&document, "name", self->name);
  add_text (&document, "namespace", self->namespace);
  if (self->base != NULL)
    add_text (&document, "extends", rmi_outline_get_alias (outline, self->base));
  if (!self->subscribes)
    add_text (&document, "subscribe", "manual");
  add_remarks (&document, self->doc, self->since, self->is_deprecated);
  add_each (&document, "methods", self->methods, add_method);
  add_each (&document, "signals", self->signals, add_signal);
  add_each (&document, "properties", self->properties, add_property);
  add_declarations (&document);
  rmi_writer_end_object (writer);

  if (!rmi_writer_finish (writer, &text, NULL))
    g_assert_not_reached ();
  self->json = g_strndup (text.data, text.length);
}
