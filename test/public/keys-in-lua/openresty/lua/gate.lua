-- who may ask: a few keys, no database
local keys = {
    ["lab-7f3a"] = "lab",
    ["bot-11c0"] = "bot",
}

local given = ngx.req.get_headers()["x-api-key"]
local who = given and keys[given]

if not who then
    ngx.status = ngx.HTTP_UNAUTHORIZED
    ngx.header.content_type = "application/json"
    ngx.say('{"error":"x-api-key is missing or unknown"}')
    return ngx.exit(ngx.HTTP_UNAUTHORIZED)
end

-- the runner trusts this field, so it must come from here
ngx.req.set_header("X-Consumer", who)
ngx.req.clear_header("X-Api-Key")
ngx.ctx.who = who
ngx.ctx.began = ngx.now()
