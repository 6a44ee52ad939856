CREATE TABLE "risk_policies" (
	"policy_id" text NOT NULL,
	"version" integer NOT NULL,
	"document" "bytea" NOT NULL,
	"digest" "bytea" NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	"tested_at" timestamp (3) with time zone,
	"replay" jsonb,
	"use" text,
	"used_since" timestamp (3) with time zone,
	CONSTRAINT "risk_policies_policy_id_version_pk" PRIMARY KEY("policy_id","version"),
	CONSTRAINT "risk_policies_use_tested" CHECK ("risk_policies"."use" is null or "risk_policies"."tested_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "risk_policy_signatures" (
	"policy_id" text NOT NULL,
	"version" integer NOT NULL,
	"signer" text NOT NULL,
	"signature" "bytea" NOT NULL,
	"signed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "risk_policy_signatures_policy_id_version_signer_pk" PRIMARY KEY("policy_id","version","signer")
);
--> statement-breakpoint
ALTER TABLE "risk_policy_signatures" ADD CONSTRAINT "risk_policy_signatures_policy" FOREIGN KEY ("policy_id","version") REFERENCES "public"."risk_policies"("policy_id","version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "risk_policies_use" ON "risk_policies" USING btree ("use") WHERE "risk_policies"."use" is not null;--> statement-breakpoint
-- The rest is written by hand. Authentications refer to versions of policies, and signatures are of their documents: a version never
-- changes, and is never removed.
CREATE FUNCTION "risk_policies_immutable"() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND (NEW.policy_id, NEW.version, NEW.document, NEW.digest, NEW.added_at)
		IS NOT DISTINCT FROM (OLD.policy_id, OLD.version, OLD.document, OLD.digest, OLD.added_at) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'a version of a risk policy does not change' USING ERRCODE = 'restrict_violation';
END
$$;--> statement-breakpoint
CREATE TRIGGER "risk_policies_immutable" BEFORE UPDATE OR DELETE ON "risk_policies" FOR EACH ROW EXECUTE FUNCTION "risk_policies_immutable"();--> statement-breakpoint
CREATE TRIGGER "risk_policies_no_truncate" BEFORE TRUNCATE ON "risk_policies" FOR EACH STATEMENT EXECUTE FUNCTION "risk_policies_immutable"();
