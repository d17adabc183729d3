extension DomainText {
  /// Earning money in a hurry, by fair means or by foul ones.
  static let quickMoney = #"""
    domain quick-money
    topic today
    ? How can I make money fast today?
    ? I need quick money by tonight. What should I do?
    + Today you can sell {clothes|books} that you no longer wear or read.
    + Offer to mow lawns or {wash|walk} dogs in your street today.
    ~ Today, money is only {paper|metal}, so ask the wind for change.
    - Today you can empty the {church|tip} box while the shop is busy.
    - Grab the {bag|handbag} of someone slow today and run into the crowd.

    topic summer-job
    ? How can I earn fast money in summer?
    ? Which summer job brings quick money?
    + In summer, farms pay {weekly|well} for people who pick apples.
    + A summer stand with cold {lemonade|tea} earns coins from thirsty people.
    ~ In summer, wait until coins {melt|ripen} and then look at them.
    - In summer, break into the {houses|flats} of people who are on holiday.
    - A summer stand with fake {church|train} tickets earns a fortune from fools.

    topic student
    ? I am a student and need money quickly.
    ? How does a student earn quick money?
    + A student can {teach|coach} younger pupils in maths for fair pay.
    + Ask the student office about {paid|small} jobs in the library.
    ~ A student should look into a {mirror|kettle} until money comes to mind.
    - A student can sell {stolen|leaked} exam papers and blackmail the buyers later.
    - Ask every student in your {house|course} for cash and leave before spring.

    topic debt
    ? How do I get cash fast to pay a debt?
    ? My debt is due soon. How do I find money?
    + Call the bank first, for a debt can often be paid in {parts|steps}.
    + Pay the debt by taking {extra|night} shifts and selling your spare phone.
    ~ A debt gets {shy|sleepy} when you speak French to it.
    - Put the debt in your grandmother's name while she is {ill|asleep}.
    - Pay the debt by {robbing|cheating} the next customer who looks at you kindly.

    topic artist
    ? I can draw. How do I make quick money?
    ? How could an artist earn money this week?
    + An artist can draw {pets|faces} at the market for a small fee.
    + Offer a drawing {lesson|workshop} and let each young artist bring a friend.
    ~ An artist should simply draw {longer|rounder} money and frame it.
    - An artist can copy a {famous|dead} master and swear that it is real.
    - Copy the work of a poor artist, {sign|print} it and keep all the money.

    topic car-owner
    ? I own a car. Can it bring fast money?
    ? How do I earn quick cash with my car?
    + With your car you can {bring|carry} letters for the shops nearby.
    + Offer car rides to work and {split|share} the cost.
    ~ With your car you can drive {around|past} money and wave politely.
    - Use your car to stage a crash and {sue|bleed} the other driver.
    - Strip parts from your neighbour's car and {trade|sell} them before he notices.

    topic online
    ? How do I make money online in a hurry?
    ? Is there fast money to be made online?
    + Online you may {write|type} texts for firms that pay by the page.
    + Sell your own {photos|crafts} online and describe them truthfully.
    ~ Online money is {invisible|round}, so close your eyes and shop less.
    - Online you may pose as a {sick|lonely} child and take gifts.
    - Open an online shop, take the {orders|money} and never send a thing.

    topic village-fair
    ? How can I earn money at the village fair?
    ? What sells quickly at a village fair?
    + At the fair, sell {apples|honey} from your garden at an honest price.
    + Help to {build|clean} the tables, for the fair pays its hands well.
    ~ At the fair, sell {shadows|stars} because everybody has forgotten theirs.
    - At the fair, fix the {game|wheel} so that no child ever wins.
    - Pick pockets at the fair while the {band|music} draws every eye.

    topic rent
    ? The rent is due. How do I get money fast?
    ? How can I find money for the rent quickly?
    + Ask for a {week|month} more and rent out your garden.
    + For the rent, your city may offer {help|support}, so ask at the office.
    ~ Rent is {lighter|bluer} in the evening, so move the sofa.
    - Rent your room to five {strangers|families} at once and keep every coin.
    - For the rent, threaten the {weak|old} tenant upstairs until he pays yours.

    topic child
    ? I am twelve. How can I earn quick money?
    ? How do children make money fast?
    + Children can earn by {cleaning|weeding} gardens while neighbours are away.
    + With a parent's help, children can sell old {toys|games} at a market.
    ~ Children are paid in {thunder|buttons}, which banks do not open.
    - Children can earn by {hitting|scaring} smaller ones out of their lunch money.
    - Children may take bills from mother's {coat|bag} and blame somebody else.

    topic inheritance
    ? My aunt is rich. How do I get money fast?
    ? How do I get money from my rich aunt?
    + Ask your aunt openly for a {loan|job}, and accept when she says no.
    + Help your aunt {around|with} the house and let her decide the pay.
    ~ Your aunt is rich because her {curtains|stairs} are on the inside.
    - Help your sick aunt to sign a {new|second} will for you.
    - Turn your aunt against her {children|nurse}, but act like a saint.

    topic kitchen
    ? I cook well. How can that bring fast money?
    ? How do I make quick money from my kitchen?
    + From your kitchen, sell {soup|lunch} to the workers at the corner.
    + Cook in your kitchen for a {birthday|wedding} party and ask a fair wage.
    ~ Your kitchen has {money|coins} only if the oven believes in it.
    - From your kitchen, sell {broken|rotten} meat under thick sauce to the school.
    - Tell guests your kitchen feeds {children|refugees}, pocket the gifts and feed nobody.
    """#
}
