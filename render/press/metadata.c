/* metadata.c -- the keys PDF/X asks for, one value in Info and in XMP; the identity is made from the content. */
#include "press/metadata.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"

#define PRODUCER "biaoyu"

void metadata_add_text(StrBuf *out, const char *text)
{
    bool is_plain = true;
    for (const char *c = text; *c; c++) is_plain &= (unsigned char)*c >= 0x20 && (unsigned char)*c < 0x7F;
    if (is_plain) {
        strbuf_add_char(out, '(');
        for (const char *c = text; *c; c++) {
            if (strchr("()\\", *c)) strbuf_add_char(out, '\\');
            strbuf_add_char(out, *c);
        }
        strbuf_add_char(out, ')');
        return;
    }
    strbuf_add(out, "<FEFF");
    for (size_t at = 0, length = strlen(text); at < length;) {
        uint32_t c = utf8_next(text, length, &at);
        if (c > 0xFFFF) strbuf_addf(out, "%04X%04X", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + (c & 0x3FF));
        else strbuf_addf(out, "%04X", (unsigned)c);
    }
    strbuf_add_char(out, '>');
}

static void add_xml(StrBuf *out, const char *text)
{
    for (size_t at = 0, length = strlen(text); at < length;) {
        uint32_t c = utf8_next(text, length, &at);
        if (c == '<') strbuf_add(out, "&lt;");
        else if (c == '>') strbuf_add(out, "&gt;");
        else if (c == '&') strbuf_add(out, "&amp;");
        else if (c >= 0x20 || c == '\t' || c == '\n') strbuf_add_codepoint(out, c);
    }
}

/* "YYYY-MM-DD" or what follows it; nothing else is a date. */
static const char *date_of(const PressSetup *setup)
{
    static const char pattern[] = "0000-00-00";
    const char *date = setup->options.date;
    for (size_t i = 0; i < sizeof pattern - 1; i++)
        if (!date || (pattern[i] == '0' ? !isdigit((unsigned char)date[i]) : date[i] != pattern[i])) return "1970-01-01";
    return date;
}

static const char *title_of(const PressSetup *setup)
{
    return setup->options.title && *setup->options.title ? setup->options.title : "biaoyu";      /* PDF/X wants one */
}

static unsigned write_info(Writer *writer, const PressSetup *setup, Arena *arena)
{
    StrBuf out;
    strbuf_init(&out, arena);
    const char *d = date_of(setup);
    strbuf_add(&out, "<</Title");
    metadata_add_text(&out, title_of(setup));
    for (int i = 0; i < 2; i++) strbuf_addf(&out, "/%s(D:%.4s%.2s%.2s000000Z)", i ? "ModDate" : "CreationDate", d, d + 5, d + 8);
    strbuf_add(&out, "/Creator(" PRODUCER ")/Producer(" PRODUCER ")/Trapped/False");
    if (setup->options.standard == PRESS_X1A) strbuf_add(&out, "/GTS_PDFXVersion(PDF/X-1a:2003)/GTS_PDFXConformance(PDF/X-1a:2003)");
    strbuf_add(&out, ">>");
    unsigned number = writer_reserve(writer);
    writer_object(writer, number, out.bytes, out.length);
    return number;
}

/* A UUID from the fingerprint, marked as one made from a name (RFC 9562, version 8). */
static void add_uuid(StrBuf *out, const char *hash)
{
    strbuf_addf(out, "uuid:%.8s-%.4s-8%.3s-a%.3s-%.12s", hash, hash + 8, hash + 12, hash + 15, hash + 18);
}

static unsigned write_xmp(Writer *writer, const PressSetup *setup, Arena *arena, const char *hash)
{
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_add(&out, "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
                     "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n"
                     "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
                     " xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:xmpMM=\"http://ns.adobe.com/xap/1.0/mm/\""
                     " xmlns:pdfxid=\"http://www.npes.org/pdfx/ns/id/\" xmlns:pdfx=\"http://ns.adobe.com/pdfx/1.3/\" xmlns:pdfvtid=\"http://www.npes.org/pdfvt/ns/id/\">\n"
                     "<dc:format>application/pdf</dc:format>\n<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">");
    add_xml(&out, title_of(setup));
    strbuf_add(&out, "</rdf:li></rdf:Alt></dc:title>\n");
    static const char *const dates[] = {"CreateDate", "ModifyDate", "MetadataDate"};
    for (size_t i = 0; i < 3; i++) strbuf_addf(&out, "<xmp:%s>%.10sT00:00:00Z</xmp:%s>\n", dates[i], date_of(setup), dates[i]);
    strbuf_add(&out, "<xmp:CreatorTool>" PRODUCER "</xmp:CreatorTool>\n<pdf:Producer>" PRODUCER "</pdf:Producer>\n<pdf:Trapped>False</pdf:Trapped>\n<xmpMM:DocumentID>");
    add_uuid(&out, hash);
    strbuf_add(&out, "</xmpMM:DocumentID>\n<xmpMM:InstanceID>");
    add_uuid(&out, hash + 16);
    strbuf_add(&out, "</xmpMM:InstanceID>\n<xmpMM:VersionID>1</xmpMM:VersionID>\n<xmpMM:RenditionClass>default</xmpMM:RenditionClass>\n");
    strbuf_add(&out, setup->options.standard == PRESS_X4 ? "<pdfxid:GTS_PDFXVersion>PDF/X-4</pdfxid:GTS_PDFXVersion>\n"
                                                         : "<pdfx:GTS_PDFXVersion>PDF/X-1a:2003</pdfx:GTS_PDFXVersion>\n<pdfx:GTS_PDFXConformance>PDF/X-1a:2003</pdfx:GTS_PDFXConformance>\n");
    if (setup->options.has_records)
        strbuf_addf(&out, "<pdfvtid:GTS_PDFVTVersion>PDF/VT-1</pdfvtid:GTS_PDFVTVersion>\n<pdfvtid:GTS_PDFVTModDate>%.10sT00:00:00Z</pdfvtid:GTS_PDFVTModDate>\n", date_of(setup));
    strbuf_add(&out, "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
    unsigned number = writer_reserve(writer);
    writer_stream(writer, number, STREAM_RAW, "/Type/Metadata/Subtype/XML", out.bytes, out.length);
    return number;
}

static unsigned write_intent(Writer *writer, const PressSetup *setup, Arena *arena)
{
    unsigned profile = writer_reserve(writer), number = writer_reserve(writer);
    size_t length;
    const void *packed = setup_packed_profile(setup, &length);
    if (packed) writer_stream(writer, profile, STREAM_DEFLATED, "/N 4", packed, length);
    else writer_fail(writer);
    StrBuf out;
    strbuf_init(&out, arena);
    strbuf_add(&out, "<</Type/OutputIntent/S/GTS_PDFX/OutputConditionIdentifier");
    metadata_add_text(&out, setup->condition_id);
    if (setup->is_registered) strbuf_add(&out, "/RegistryName(http://www.color.org)");
    strbuf_add(&out, "/OutputCondition");
    metadata_add_text(&out, setup->condition);
    strbuf_add(&out, "/Info");
    metadata_add_text(&out, setup->condition_info);
    strbuf_addf(&out, "/DestOutputProfile %u 0 R>>", profile);
    writer_object(writer, number, out.bytes, out.length);
    return number;
}

Metadata metadata_write(Writer *writer, const PressSetup *setup, Arena *arena)
{
    Metadata made = {0};
    made.intent = write_intent(writer, setup, arena);
    made.info = write_info(writer, setup, arena);
    memcpy(made.id, writer_hash(writer), 32);
    char hash[HASH_HEX_ROOM];
    memcpy(hash, writer_hash(writer), sizeof hash);
    made.xmp = write_xmp(writer, setup, arena, hash);
    return made;
}
