# A Rack application with one stream. Every record comes from the lab, which answers as soon as the trial wants it written.
require "net/http"
require "securerandom"

LAB = ENV.fetch("HOPWISE_LAB")

class Records
  def initialize(mark)
    @query = URI.encode_www_form(request: mark, stream: SecureRandom.uuid)
    @is_over = false
  end

  def each
    loop do
      answer = Net::HTTP.get_response(URI("#{LAB}/next?#{@query}"))
      break if answer.code == "204"
      # So a trial has the application fail.
      raise "the lab answered #{answer.code}" unless answer.code == "200"
      yield answer.body
    end
    @is_over = true
  end

  # The server calls it in the end, however that came.
  def close
    Net::HTTP.get_response(URI("#{LAB}/noticed?#{@query}&what=close")) unless @is_over
  end
end

run lambda { |env|
  request = Rack::Request.new(env)
  next [200, { "content-type" => "text/plain" }, ["ready"]] if request.path == "/ready"

  mark = env["HTTP_HOPWISE_REQUEST"] || request.params["hopwise"].to_s
  [200, { "content-type" => "text/event-stream" }, Records.new(mark)]
}
