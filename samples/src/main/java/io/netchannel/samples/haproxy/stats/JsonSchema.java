package io.netchannel.samples.haproxy.stats;

/** The schema of {@link StatFormats#json} and {@link ProcessInfo#json} (JSON schema, draft 4). */
public final class JsonSchema {

    private static final String REFERENCES = """
            "field":{"$ref":"#/definitions/field"},\
            "processNum":{"$ref":"#/definitions/processNum"},\
            "tags":{"$ref":"#/definitions/tags"},\
            "value":{"$ref":"#/definitions/typedValue"}""";

    public static final String TEXT = """
            {"$schema":"http://json-schema.org/draft-04/schema#","oneOf":[\
            {"title":"Info","type":"array","items":{"title":"InfoItem","type":"object","properties":{REFERENCES},\
            "required":["field","processNum","tags","value"]}},\
            {"title":"Stat","type":"array","items":{"type":"array","items":{"title":"StatItem","type":"object",\
            "properties":{"objType":{"enum":["Frontend","Backend","Listener","Server"]},\
            "proxyId":{"type":"integer","minimum":0},"id":{"type":"integer","minimum":0},REFERENCES},\
            "required":["objType","proxyId","id","field","processNum","tags","value"]}}}],\
            "definitions":{\
            "field":{"type":"object","properties":{"pos":{"type":"integer","minimum":0},"name":{"type":"string"}},\
            "required":["pos","name"]},\
            "processNum":{"type":"integer","minimum":1},\
            "tags":{"type":"object","properties":{\
            "origin":{"enum":["Metric","Status","Key","Config","Product"]},\
            "nature":{"enum":["Gauge","Limit","Min","Max","Rate","Counter","Duration","Age","Time","Name","Output","Avg"]},\
            "scope":{"enum":["Cluster","Process","Service","System"]}},\
            "required":["origin","nature","scope"]},\
            "typedValue":{"type":"object","oneOf":[NUMBERS\
            {"properties":{"type":{"enum":["str"]},"value":{"type":"string"}}}],"required":["type","value"]}}}
            """
            .replace("REFERENCES", REFERENCES).replace("NUMBERS", number("s32", Integer.MIN_VALUE, Integer.MAX_VALUE)
                    + number("u32", 0, 0xffff_ffffL) + number("u64", 0, (1L << 53) - 1));

    private JsonSchema() {
    }

    private static String number(final String type, final long min, final long max) {
        return "{\"properties\":{\"type\":{\"enum\":[\"" + type + "\"]},\"value\":{\"type\":\"integer\",\"minimum\":"
                + min
                + ",\"maximum\":" + max + "}}},";
    }
}
